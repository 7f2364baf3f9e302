package io.gitops4j.app;

import java.util.LinkedHashMap;
import java.util.Map;

/** The fields of Argo CD's kinds (argoproj.io/v1alpha1). */
final class Schemas {
    private static final String SOURCE = """
            {repoURL:s path:s targetRevision:s chart:s ref:s name:s tagPrefix:s
             helm:{valueFiles:[s] parameters:[{name:s value:s forceString:b}] releaseName:s values:s
              fileParameters:[{name:s path:s}] version:s passCredentials:b ignoreMissingValueFiles:b skipCrds:b
              skipTests:b skipSchemaValidation:b valuesObject:any namespace:s kubeVersion:s apiVersions:[s]}
             kustomize:{namePrefix:s nameSuffix:s images:[s] commonLabels:<s> version:s commonAnnotations:<s>
              forceCommonLabels:b forceCommonAnnotations:b namespace:s commonAnnotationsEnvsubst:b
              replicas:[{name:s count:x}]
              patches:[{path:s patch:s options:<b>
               target:{group:s version:s kind:s name:s namespace:s annotationSelector:s labelSelector:s}}]
              components:[s] ignoreMissingComponents:b labelWithoutSelector:b labelIncludeTemplates:b
              kubeVersion:s apiVersions:[s]}
             directory:{recurse:b exclude:s include:s
              jsonnet:{extVars:[@jsonnetVar] tlas:[@jsonnetVar] libs:[s]}}
             plugin:{name:s env:[{name:s value:s}] parameters:[{name:s string:s array:[s] map:<s>}]}}""";

    private static final String SYNC_POLICY = """
            {automated:{prune:b selfHeal:b allowEmpty:b enabled:b} syncOptions:[s] retry:@retry
             managedNamespaceMetadata:{labels:<s> annotations:<s>}}""";

    private static final String APPLICATION_SPEC = """
            {source:@source sources:[@source] destination:{server:s namespace:s name:s} project:s
             syncPolicy:@syncPolicy
             ignoreDifferences:[{group:s kind:s name:s namespace:s jsonPointers:[s] jqPathExpressions:[s]
              managedFieldsManagers:[s]}]
             info:[{name:s value:s}] revisionHistoryLimit:i
             sourceHydrator:{drySource:@source syncSource:{targetBranch:s path:s repoURL:s}
              hydrateTo:{targetBranch:s}}}""";

    private static final String OPERATION = """
            {sync:{revision:s prune:b dryRun:b source:@source sources:[@source] revisions:[s] manifests:[s]
              syncStrategy:{apply:{force:b} hook:{force:b}} syncOptions:[s] autoHealAttemptsCount:i
              resources:[{group:s kind:s name:s namespace:s exclude:b}]}
             initiatedBy:{username:s automated:b} info:[{name:s value:s}] retry:@retry}""";

    private static final String GENERATOR = """
            {list:{elements:[any] elementsYaml:s template:@template}
             clusters:{selector:@selector template:@template values:<s> flatList:b}
             git:{repoURL:s directories:[{path:s exclude:b}] files:[{path:s exclude:b}] revision:s
              requeueAfterSeconds:i template:@template pathParamPrefix:s values:<s>}
             scmProvider:any pullRequest:any clusterDecisionResource:any plugin:any
             matrix:{generators:[@generator] template:@template}
             merge:{generators:[@generator] mergeKeys:[s] template:@template}
             selector:@selector}""";

    private static final String SELECTOR = "{matchLabels:<s> matchExpressions:[{key:s operator:s values:[s]}]}";

    private Schemas() {}

    static FieldSchema application() {
        return FieldSchema.of("{apiVersion:s kind:s metadata:any spec:@spec status:any operation:@operation}", parts());
    }

    static FieldSchema project() {
        return FieldSchema.of("""
                {apiVersion:s kind:s metadata:any status:any spec:{
                 sourceRepos:[s] destinations:[{server:s namespace:s name:s}] description:s
                 roles:[{name:s description:s policies:[s] groups:[s] jwtTokens:any}]
                 clusterResourceWhitelist:[@kinds] clusterResourceBlacklist:[@kinds]
                 namespaceResourceWhitelist:[@kinds] namespaceResourceBlacklist:[@kinds]
                 orphanedResources:{warn:b ignore:[@kinds]}
                 syncWindows:[{kind:s schedule:s duration:s applications:[s] namespaces:[s] clusters:[s] manualSync:b
                  timeZone:s andOperator:b syncOverrun:b description:s}]
                 signatureKeys:[{keyID:s}] sourceIntegrity:any sourceNamespaces:[s]
                 permitOnlyProjectScopedClusters:b
                 destinationServiceAccounts:[{server:s namespace:s defaultServiceAccount:s}]}}""", parts());
    }

    static FieldSchema applicationSet() {
        return FieldSchema.of("""
                {apiVersion:s kind:s metadata:any status:any spec:{
                 goTemplate:b goTemplateOptions:[s] generators:[@generator] template:@template templatePatch:s
                 syncPolicy:{preserveResourcesOnDeletion:b applicationsSync:s}
                 strategy:{type:s deletionOrder:s
                  rollingSync:{steps:[{matchExpressions:[{key:s operator:s values:[s]}] maxUpdate:x}]}}
                 preservedFields:{annotations:[s] labels:[s]} applyNestedSelectors:b
                 ignoreApplicationDifferences:[{name:s jsonPointers:[s] jqPathExpressions:[s]}]}}""", parts());
    }

    private static Map<String, String> parts() {
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("source", SOURCE);
        parts.put("jsonnetVar", "{name:s value:s code:b}");
        parts.put("retry", "{limit:i refresh:b backoff:{duration:s factor:i maxDuration:s}}");
        parts.put("syncPolicy", SYNC_POLICY);
        parts.put("spec", APPLICATION_SPEC);
        parts.put("operation", OPERATION);
        parts.put("kinds", "{group:s kind:s name:s}");
        parts.put("selector", SELECTOR);
        // a template is checked when it has become an Application: before that, texts stand where numbers will be
        parts.put("template", "{metadata:any spec:any}");
        parts.put("generator", GENERATOR);
        return parts;
    }
}
