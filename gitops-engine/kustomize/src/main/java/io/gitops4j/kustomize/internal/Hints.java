package io.gitops4j.kustomize.internal;

/** What to do about a refusal, where the place that refuses knows nothing better to say. */
final class Hints {
    private Hints() {}

    static String of(String code) {
        return switch (code) {
            case "YAML_SYNTAX", "YAML_SYNTAX_KUSTOMIZATION", "YAML_SYNTAX_CONFIG" ->
                "mend the YAML here; an open bracket, an open quote or an indentation before this place may be the cause";
            case "FILE_NOT_FOUND", "NOT_A_FILE", "NOT_A_DIRECTORY", "EMPTY_PATH" ->
                "paths are relative to the directory of the kustomization file that names them";
            case "OUT_OF_BOUNDS", "SYMLINK_LOOP" -> "keep what is built inside of the tree";
            case "WRONG_TYPE", "WRONG_NODE_KIND", "WRONG_KIND", "LIST_ITEMS", "MANIFEST_NOT_OBJECT" ->
                "the field takes a value of another kind; compare it with the reference of its type";
            case "DUPLICATE_KEY" -> "keep one of the equal keys";
            case "DUPLICATE_VAR", "ID_CONFLICT", "DUPLICATE_ID" -> "rename one of the two, or keep only one of them";
            case "GENERATOR" ->
                "an entry has a name, and literals (key=value), files ([key=]path) or envs (path); behavior is create, merge "
                        + "or replace";
            case "PATCH", "PATCH_DIRECTIVE" ->
                "a patch is given by path or inline: an object with kind and name, or a list of JSON patch operations";
            case "JSON_PATCH" ->
                "paths start with a slash, ~1 stands for a slash in a key, and their parent must be there";
            case "REPLACEMENT", "FIELD_PATH", "VAR" ->
                "a field path looks like spec.template.spec.containers.[name=web].image; options.create makes what is missing";
            case "AMBIGUOUS", "AMBIGUOUS_REFERENCE" -> "say the namespace or kind too, so that one resource is left";
            case "NO_MATCH" -> "compare kind, name and namespace with the resources of the layer";
            case "SORT_OPTIONS" -> "order is fifo or legacy; legacySortOptions go with legacy";
            case "CONFLICTING_FIELDSPECS" -> "two configurations say create differently for one path";
            case "OPENAPI" -> "give openapi.path or openapi.version, not both";
            case "PLUGIN", "VALIDATOR" -> "check the plugin's configuration; a validator must not change resources";
            case "DEPTH_LIMIT", "BASE_LIMIT", "DOC_COUNT", "FILE_SIZE", "RESULT_LIMIT", "SOURCE_SIZE", "REGEX_SIZE" ->
                "the bounds are in Limits";
            case "NUMBER", "TAG", "BAD_ENCODING", "UNPRINTABLE" -> "write the value as a text in quotes";
            default -> "";
        };
    }
}
