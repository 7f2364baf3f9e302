package io.gitops4j.rego.syntax;

import io.gitops4j.rego.ast.Import;
import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.ast.OpaVersion;
import io.gitops4j.rego.ast.Ref;
import io.gitops4j.rego.ast.StringTerm;
import io.gitops4j.rego.ast.Term;
import io.gitops4j.rego.ast.Var;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Package declarations and imports; imports of {@code future} and {@code rego} turn words on at once. */
final class ImportParser {
    private final Cursor cursor;
    private final TermParser terms;
    private final OpaVersion opa;
    private boolean importsV1;
    private Location aliasPlace = Location.none();

    ImportParser(Cursor cursor, TermParser terms, OpaVersion opa) {
        this.cursor = cursor;
        this.terms = terms;
        this.opa = opa;
    }

    /** Whether {@code rego.v1} or later was imported. */
    boolean importsV1() {
        return importsV1;
    }

    /** The path of {@code package a.b} under {@code data}. The current token is {@code package}. */
    @Nullable
    Ref packagePath() {
        cursor.advance();
        cursor.startReference();
        if (!cursor.is(Token.IDENT)) {
            cursor.illegal("");
            return null;
        }
        Term term = terms.term();
        if (term == null || cursor.failed()) {
            return null;
        }
        List<Term> path = new ArrayList<>();
        path.add(new Var(Var.DATA, term.location()));
        if (term instanceof Var var) {
            path.add(new StringTerm(var.name(), var.location()));
            return new Ref(path, term.location());
        }
        if (!(term instanceof Ref ref) || !(ref.head() instanceof Var head)) {
            cursor.error(term.location(), "unexpected " + term.kind().typeName() + " token: expecting var");
            return null;
        }
        path.add(new StringTerm(head.name(), head.location()));
        path.addAll(ref.terms().subList(1, ref.size()));
        return onlyStrings(ref) ? new Ref(path, term.location()) : null;
    }

    private boolean onlyStrings(Ref ref) {
        for (Term key : ref.terms().subList(1, ref.size())) {
            if (!(key instanceof StringTerm)) {
                cursor.error(key.location(), "unexpected " + key.kind().typeName() + " token: expecting string");
                return false;
            }
        }
        return true;
    }

    /** The current token is {@code import}. */
    @Nullable
    Import parse() {
        Location place = cursor.location();
        cursor.advance();
        cursor.startReference();
        if (!cursor.is(Token.IDENT)) {
            cursor.illegal("");
            return null;
        }
        Term term = terms.term();
        if (term == null) {
            cursor.error(cursor.stopped(), "expected path");
            return null;
        }
        if (cursor.failed()) {
            return null;
        }
        Ref path;
        if (term instanceof Var var) {
            path = new Ref(List.of(var), var.location());
        } else if (term instanceof Ref ref && ref.head() instanceof Var) {
            path = ref;
        } else {
            cursor.error(term.location(), "unexpected " + term.kind().typeName() + " token: expecting path");
            return null;
        }
        if (!onlyStrings(path) || !rootIsKnown(path)) {
            return null;
        }
        String alias = null;
        if (cursor.is(Token.AS)) {
            alias = alias();
            if (alias == null) {
                return null;
            }
        } else if (!endsInName(path)) {
            return null;
        }
        Import parsed = new Import(path, alias, place.until(cursor.lastEnd()));
        return apply(parsed) ? parsed : null;
    }

    private boolean rootIsKnown(Ref path) {
        String root = ((Var) path.head()).name();
        if (root.equals("data") || root.equals("future") || root.equals("input") || root.equals("rego")) {
            return true;
        }
        cursor.error(
                path.location(),
                "unexpected import path, must begin with one of: {data, future, input, rego}, got: "
                        + path.head()
                        + " (hint: if this is unexpected, try updating OPA)");
        return false;
    }

    private boolean endsInName(Ref path) {
        if (path.size() > 1
                && path.last() instanceof StringTerm last
                && isWord(last.value())
                && (path.startsWithVar("data") || path.startsWithVar("input"))) {
            cursor.error(
                    last.location(),
                    "unexpected import path, must not end with a keyword, got: " + last.value()
                            + " (hint: import a different path or use an alias)");
            return false;
        }
        return true;
    }

    private boolean isWord(String text) {
        Token word = Token.word(text);
        return switch (word) {
            case IDENT -> false;
            case IF, CONTAINS, IN, EVERY, LOGICAL_AND, LOGICAL_OR -> cursor.isOn(word);
            default -> true;
        };
    }

    private @Nullable String alias() {
        cursor.advance();
        if (!cursor.is(Token.IDENT)) {
            cursor.illegal("expected var");
            return null;
        }
        Location place = cursor.location();
        aliasPlace = place;
        Term alias = terms.term();
        if (alias instanceof Ref ref && ref.size() == 1 && ref.head() instanceof Var root) {
            cursor.error(place, "unexpected import alias, must not be a reserved name, got: " + root);
            return null;
        }
        if (!(alias instanceof Var var)) {
            if (alias != null) {
                cursor.error(
                        place,
                        "unexpected import alias, must be a var, got: "
                                + alias.kind().typeName());
            }
            return null;
        }
        return var.name();
    }

    private boolean apply(Import parsed) {
        Ref path = parsed.path();
        if (path.startsWithVar("rego")) {
            return applyRego(parsed);
        }
        return !path.startsWithVar("future") || applyFuture(parsed);
    }

    private boolean applyRego(Import parsed) {
        Ref path = parsed.path();
        String version = path.size() == 2 && path.get(1) instanceof StringTerm key ? key.value() : "";
        boolean v2 = version.equals("v2") && opa.hasLogicalOperators();
        if (!version.equals("v1") && !v2) {
            cursor.error(
                    path.location(),
                    "invalid import `" + path + "`, must be "
                            + (opa.hasLogicalOperators() ? "one of: `rego.v1`, `rego.v2`" : "`rego.v1`"));
            return false;
        }
        if (parsed.alias() != null) {
            cursor.error(aliasPlace, "`rego` imports cannot be aliased");
            return false;
        }
        importsV1 = true;
        cursor.enableV1();
        if (v2) {
            enableAll();
        }
        return true;
    }

    private void enableAll() {
        cursor.enableV1();
        if (opa.hasNotBodies()) {
            cursor.enableNotBodies();
        }
        if (opa.hasLogicalOperators()) {
            cursor.enable(Token.LOGICAL_AND);
            cursor.enable(Token.LOGICAL_OR);
        }
    }

    private boolean applyFuture(Import parsed) {
        Ref path = parsed.path();
        if (path.size() == 1 || !path.get(1).equals(new StringTerm("keywords", Location.none()))) {
            cursor.error(path.location(), "invalid import, must be `future.keywords`");
            return false;
        }
        if (parsed.alias() != null) {
            cursor.error(aliasPlace, "`future` imports cannot be aliased");
            return false;
        }
        if (path.size() == 2) {
            enableAll();
            return true;
        }
        String keyword = path.size() == 3 && path.get(2) instanceof StringTerm key ? key.value() : "";
        if (!enable(keyword)) {
            cursor.error(path.location(), "unexpected keyword, must be one of " + known());
            return false;
        }
        return true;
    }

    private String known() {
        return opa.hasLogicalOperators()
                ? "[and contains every if in not or]"
                : opa.hasNotBodies() ? "[contains every if in not]" : "[contains every if in]";
    }

    private boolean enable(String keyword) {
        switch (keyword) {
            case "if" -> cursor.enable(Token.IF);
            case "contains" -> cursor.enable(Token.CONTAINS);
            case "in" -> cursor.enable(Token.IN);
            case "every" -> {
                cursor.enable(Token.IN);
                cursor.enable(Token.EVERY);
            }
            case "not" -> {
                if (!opa.hasNotBodies()) {
                    return false;
                }
                cursor.enableNotBodies();
            }
            case "and", "or" -> {
                if (!opa.hasLogicalOperators()) {
                    return false;
                }
                cursor.enable(keyword.equals("and") ? Token.LOGICAL_AND : Token.LOGICAL_OR);
            }
            default -> {
                return false;
            }
        }
        return true;
    }
}
