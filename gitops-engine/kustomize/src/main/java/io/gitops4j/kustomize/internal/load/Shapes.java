package io.gitops4j.kustomize.internal.load;

/** The shapes of a kustomization file, field by field. */
final class Shapes {
    private static final Shape TARGET = Shape.struct(
            "types.Selector",
            "group", Shape.STRING,
            "version", Shape.STRING,
            "kind", Shape.STRING,
            "name", Shape.STRING,
            "namespace", Shape.STRING,
            "annotationSelector", Shape.STRING,
            "labelSelector", Shape.STRING);

    private static final Shape PATCH = Shape.struct(
            "types.Patch",
            "path", Shape.STRING,
            "patch", Shape.STRING,
            "target", TARGET,
            "options",
                    Shape.struct("types.PatchArgs", "allowNameChange", Shape.BOOL, "allowKindChange", Shape.BOOL));

    private static final Shape IMAGE = Shape.struct(
            "types.Image",
            "name", Shape.STRING,
            "newName", Shape.STRING,
            "tagSuffix", Shape.STRING,
            "newTag", Shape.STRING,
            "digest", Shape.STRING);

    private static final Shape FIELD_SPEC = Shape.struct(
            "types.FieldSpec",
            "group", Shape.STRING,
            "version", Shape.STRING,
            "kind", Shape.STRING,
            "path", Shape.STRING,
            "create", Shape.BOOL);

    private static final Shape LABEL = Shape.struct(
            "types.Label",
            "pairs", Shape.STRING_MAP,
            "includeSelectors", Shape.BOOL,
            "includeTemplates", Shape.BOOL,
            "includeVolumeClaimTemplates", Shape.BOOL,
            "fields", Shape.list(FIELD_SPEC));

    private static final Shape GENERATOR_OPTIONS = Shape.struct(
            "types.GeneratorOptions",
            "labels", Shape.STRING_MAP,
            "annotations", Shape.STRING_MAP,
            "disableNameSuffixHash", Shape.BOOL,
            "immutable", Shape.BOOL);

    private static final Shape CONFIG_MAP_ARGS = Shape.struct(
            "types.ConfigMapArgs",
            "namespace", Shape.STRING,
            "name", Shape.STRING,
            "behavior", Shape.STRING,
            "literals", Shape.STRINGS,
            "files", Shape.STRINGS,
            "envs", Shape.STRINGS,
            "env", Shape.STRING,
            "options", GENERATOR_OPTIONS);

    private static final Shape SECRET_ARGS = Shape.struct(
            "types.SecretArgs",
            "namespace", Shape.STRING,
            "name", Shape.STRING,
            "behavior", Shape.STRING,
            "literals", Shape.STRINGS,
            "files", Shape.STRINGS,
            "envs", Shape.STRINGS,
            "env", Shape.STRING,
            "options", GENERATOR_OPTIONS,
            "type", Shape.STRING);

    private static final Shape FIELD_OPTIONS = Shape.struct(
            "types.FieldOptions",
            "delimiter", Shape.STRING,
            "index", Shape.INT,
            "encoding", Shape.STRING,
            "create", Shape.BOOL);

    private static final Shape SOURCE = Shape.struct(
            "types.SourceSelector",
            "group", Shape.STRING,
            "version", Shape.STRING,
            "kind", Shape.STRING,
            "name", Shape.STRING,
            "namespace", Shape.STRING,
            "fieldPath", Shape.STRING,
            "options", FIELD_OPTIONS);

    private static final Shape TARGETS = Shape.struct(
            "types.TargetSelector",
            "select", TARGET,
            "reject", Shape.list(TARGET),
            "fieldPaths", Shape.STRINGS,
            "options", FIELD_OPTIONS);

    /** One replacement, as it stands in a file of its own or inline. */
    static final Shape REPLACEMENT = Shape.struct(
            "types.ReplacementField",
            "path", Shape.STRING,
            "source", SOURCE,
            "sourceValue", Shape.STRING,
            "targets", Shape.list(TARGETS));

    private static final Shape VAR = Shape.struct(
            "types.Var",
            "name", Shape.STRING,
            "objref",
                    Shape.struct(
                            "types.Target",
                            "apiVersion", Shape.STRING,
                            "group", Shape.STRING,
                            "version", Shape.STRING,
                            "kind", Shape.STRING,
                            "name", Shape.STRING,
                            "namespace", Shape.STRING),
            "fieldref", Shape.struct("types.FieldSelector", "fieldPath", Shape.STRING));

    private static final Shape HELM_CHART = Shape.struct(
            "types.HelmChart",
            "name", Shape.STRING,
            "version", Shape.STRING,
            "repo", Shape.STRING,
            "releaseName", Shape.STRING,
            "namespace", Shape.STRING,
            "additionalValuesFiles", Shape.STRINGS,
            "valuesFile", Shape.STRING,
            "valuesInline", Shape.ANY_MAP,
            "valuesMerge", Shape.STRING,
            "includeCRDs", Shape.BOOL,
            "skipHooks", Shape.BOOL,
            "apiVersions", Shape.STRINGS,
            "kubeVersion", Shape.STRING,
            "nameTemplate", Shape.STRING,
            "skipTests", Shape.BOOL,
            "debug", Shape.BOOL,
            "devel", Shape.BOOL);

    private static final Shape HELM_ARGS = Shape.struct(
            "types.HelmChartArgs",
            "chartName", Shape.STRING,
            "chartVersion", Shape.STRING,
            "chartRepoUrl", Shape.STRING,
            "chartHome", Shape.STRING,
            "chartRepoName", Shape.STRING,
            "helmBin", Shape.STRING,
            "helmHome", Shape.STRING,
            "values", Shape.STRING,
            "valuesLocal", Shape.ANY_MAP,
            "valuesMerge", Shape.STRING,
            "releaseName", Shape.STRING,
            "releaseNamespace", Shape.STRING,
            "extraArgs", Shape.STRINGS);

    /** The file as a whole. */
    static final Shape KUSTOMIZATION = Shape.struct(
            "types.Kustomization",
            "apiVersion", Shape.STRING,
            "kind", Shape.STRING,
            "metadata", Shape.ANY_MAP,
            "openapi", Shape.STRING_MAP,
            "namePrefix", Shape.STRING,
            "nameSuffix", Shape.STRING,
            "namespace", Shape.STRING,
            "commonLabels", Shape.STRING_MAP,
            "labels", Shape.list(LABEL),
            "commonAnnotations", Shape.STRING_MAP,
            "patchesStrategicMerge", Shape.STRINGS,
            "patchesJson6902", Shape.list(PATCH),
            "patches", Shape.list(PATCH),
            "images", Shape.list(IMAGE),
            "imageTags", Shape.list(IMAGE),
            "replacements", Shape.list(REPLACEMENT),
            "replicas",
                    Shape.list(Shape.struct("types.Replica", "name", Shape.STRING, "count", Shape.INT64)),
            "vars", Shape.list(VAR),
            "sortOptions",
                    Shape.struct(
                            "types.SortOptions",
                            "order", Shape.STRING,
                            "legacySortOptions",
                                    Shape.struct(
                                            "types.LegacySortOptions",
                                            "orderFirst", Shape.STRINGS,
                                            "orderLast", Shape.STRINGS)),
            "resources", Shape.STRINGS,
            "components", Shape.STRINGS,
            "crds", Shape.STRINGS,
            "bases", Shape.STRINGS,
            "configMapGenerator", Shape.list(CONFIG_MAP_ARGS),
            "secretGenerator", Shape.list(SECRET_ARGS),
            "helmGlobals", Shape.struct("types.HelmGlobals", "chartHome", Shape.STRING, "configHome", Shape.STRING),
            "helmCharts", Shape.list(HELM_CHART),
            "helmChartInflationGenerator", Shape.list(HELM_ARGS),
            "generatorOptions", GENERATOR_OPTIONS,
            "configurations", Shape.STRINGS,
            "generators", Shape.STRINGS,
            "transformers", Shape.STRINGS,
            "validators", Shape.STRINGS,
            "buildMetadata", Shape.STRINGS);

    private Shapes() {}
}
