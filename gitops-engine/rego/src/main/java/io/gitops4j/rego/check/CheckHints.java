package io.gitops4j.rego.check;

/** What to do about an error of the check, by what its message mostly means. */
final class CheckHints {
    private CheckHints() {}

    static String of(CheckError error) {
        String message = error.message();
        if (error.code().equals(CheckError.UNSAFE)) {
            return "bind the variable first: in another expression, by `some`, or as a parameter; `not` and comparisons bind nothing";
        }
        if (error.code().equals(CheckError.RECURSION)) {
            return "break the cycle: a rule cannot depend on itself";
        }
        if (message.startsWith("undefined function")) {
            return "look for a misspelled name or an import that is missing";
        }
        if (message.contains("arity")) {
            return "pass as many arguments as the function takes; one more captures its result";
        }
        if (message.contains("unused")) {
            return "remove it, or write `_` instead";
        }
        if (message.contains("conflict") || message.startsWith("multiple default")) {
            return "give the rules different names, or write them as one kind of rule";
        }
        if (message.contains("shadow")) {
            return "choose another name";
        }
        if (message.startsWith("deprecated")) {
            return "use the builtin that took its place";
        }
        if (message.startsWith("var ") && message.endsWith("above")) {
            return "declare a variable once, before its first use";
        }
        return "see the policy language reference";
    }
}
