package io.gitops4j.rego.syntax;

import io.gitops4j.rego.ast.Annotations;
import io.gitops4j.rego.ast.Body;
import io.gitops4j.rego.ast.Import;
import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.ast.Module;
import io.gitops4j.rego.ast.Ref;
import io.gitops4j.rego.ast.RegoVersion;
import io.gitops4j.rego.ast.Rule;
import io.gitops4j.rego.ast.Var;
import io.gitops4j.rego.check.BuiltinSignatures;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A module: statements in turn, then what holds for them together. */
final class ModuleParser {
    private final Cursor cursor;
    private final TermParser terms;
    private final RuleParser rules;
    private final ImportParser importer;
    private final ParseOptions options;
    private final boolean recover;
    private final List<Import> imports = new ArrayList<>();
    private final List<RuleParser.Parsed> parsed = new ArrayList<>();
    private final List<Bare> bare = new ArrayList<>();
    private @Nullable Ref packageRef;
    private @Nullable Location packageLocation;
    private final List<Location> packages = new ArrayList<>();
    private final List<Placed> statements = new ArrayList<>();

    /** A statement with what it became: a rule read already, or a body to become one. */
    private record Placed(AnnotationParser.Statement statement, int parsedIndex, int bareIndex, String name) {}

    /** A body at top level, to become the rule at {@code index}. */
    private record Bare(Body body, int index) {}

    ModuleParser(Tokens tokens, ParseOptions options, boolean recover) {
        this.cursor = new Cursor(tokens, options);
        this.terms = new TermParser(cursor);
        this.rules = new RuleParser(cursor, terms);
        this.importer = new ImportParser(cursor, terms, options.opa());
        this.options = options;
        this.recover = recover;
    }

    List<ParseError> errors() {
        return cursor.errors();
    }

    /** The module, or {@code null} when there are errors. */
    @Nullable
    Module parse() {
        if (cursor.is(Token.ILLEGAL)) {
            cursor.sayIllegal();
        }
        if (cursor.errors().isEmpty()) {
            readStatements();
        }
        AnnotationParser annotator = new AnnotationParser(cursor);
        List<AnnotationParser.Read> texts = options.annotations() ? annotator.read() : List.of();
        if (!cursor.errors().isEmpty()) {
            return null;
        }
        Ref path = packageRef;
        Location place = packageLocation;
        Location first = firstPlace(texts);
        if (first == null) {
            cursor.error(new Location(cursor.tokens().source(), 0, 0, 0, 0), "empty module");
            return null;
        }
        checkPackages(first);
        List<RuleParser.Parsed> read = new ArrayList<>(parsed);
        RuleParser.Parsed[] fromBare = readBareRules();
        RegoVersion version = options.version() == RegoVersion.V0 && importer.importsV1()
                ? RegoVersion.V0_COMPAT_V1
                : options.version();
        if (version.isV1()) {
            checkV1();
        }
        List<AnnotationParser.Block> blocks = cursor.errors().isEmpty() ? annotator.place(texts, rows()) : List.of();
        if (!cursor.errors().isEmpty() || path == null || place == null) {
            return null;
        }
        List<Annotations> annotations = new ArrayList<>(blocks.size());
        Map<RuleParser.Parsed, List<Annotations>> byRule = new IdentityHashMap<>();
        for (AnnotationParser.Block block : blocks) {
            annotations.add(block.annotations());
            Placed placed = block.statement() < 0 ? null : statements.get(block.statement());
            RuleParser.Parsed rule = placed == null
                    ? null
                    : placed.parsedIndex >= 0
                            ? read.get(placed.parsedIndex)
                            : placed.bareIndex >= 0 ? fromBare[placed.bareIndex] : null;
            if (rule != null) {
                byRule.computeIfAbsent(rule, key -> new ArrayList<>()).add(block.annotations());
            }
        }
        List<Rule> all = new ArrayList<>(parsed.size());
        for (RuleParser.Parsed rule : parsed) {
            all.add(rule.rule().withAnnotations(byRule.getOrDefault(rule, List.of())));
        }
        return new Module(cursor.tokens().source(), version, path, place, imports, all, annotations);
    }

    private List<AnnotationParser.Statement> rows() {
        List<AnnotationParser.Statement> rows = new ArrayList<>(statements.size());
        statements.forEach(placed -> rows.add(placed.statement));
        return rows;
    }

    /** Where the module's first statement stands, a metadata block if there is nothing else; {@code null} for nothing at all. */
    private @Nullable Location firstPlace(List<AnnotationParser.Read> texts) {
        if (!statements.isEmpty()) {
            return cursor.tokens().location(0);
        }
        return texts.isEmpty() ? null : texts.get(0).place();
    }

    /** The package comes first, and once. */
    private void checkPackages(Location first) {
        boolean leads =
                !statements.isEmpty() && statements.get(0).statement.target() == AnnotationParser.Target.PACKAGE;
        if (!leads) {
            cursor.error(first, "package expected");
        }
        for (Location place : packages.subList(leads ? 1 : 0, packages.size())) {
            cursor.error(place, "unexpected package");
        }
    }

    private void readStatements() {
        while (!cursor.is(Token.EOF)) {
            int from = cursor.at();
            cursor.startStatement();
            int errors = cursor.errors().size();
            if (!statement() || cursor.errors().size() > errors) {
                if (!recover || !skipToStatement(from)) {
                    return;
                }
            }
        }
    }

    private void place(int row, AnnotationParser.Target target, int parsedIndex, int bareIndex) {
        String name = target == AnnotationParser.Target.RULE && parsedIndex >= 0
                ? String.valueOf(parsed.get(parsedIndex).rule().ref().head())
                : "";
        statements.add(new Placed(new AnnotationParser.Statement(row, target), parsedIndex, bareIndex, name));
    }

    /** Goes to the next token that starts a line at column 1, so that later errors are found in the same run. */
    private boolean skipToStatement(int from) {
        if (cursor.at() == from) {
            cursor.advance();
        }
        while (!cursor.is(Token.EOF)) {
            boolean starts = cursor.is(Token.IDENT) || cursor.is(Token.DEFAULT) || cursor.is(Token.IMPORT);
            if (starts && cursor.location().column() == 1) {
                return true;
            }
            skip();
        }
        return false;
    }

    private void skip() {
        int errors = cursor.errors().size();
        cursor.advance();
        while (cursor.errors().size() > errors) {
            cursor.errors().remove(cursor.errors().size() - 1);
        }
    }

    private boolean statement() {
        if (namesKeyword()) {
            return false;
        }
        if (cursor.is(Token.MINUS)) {
            cursor.illegal("");
            return false;
        }
        if (cursor.is(Token.PACKAGE)) {
            return packageStatement();
        }
        if (cursor.is(Token.IMPORT)) {
            Import parsedImport = importer.parse();
            if (parsedImport == null) {
                return false;
            }
            imports.add(parsedImport);
            place(parsedImport.location().row(), AnnotationParser.Target.IMPORT, -1, -1);
            return true;
        }
        Cursor.Mark mark = cursor.mark();
        List<RuleParser.Parsed> found = rules.parse();
        if (found != null) {
            parsed.addAll(found);
            place(found.get(0).rule().location().row(), AnnotationParser.Target.RULE, parsed.size() - found.size(), -1);
            return true;
        }
        if (cursor.errors().size() > mark.errors()) {
            return false;
        }
        cursor.reset(mark);
        Body body = terms.bodies().query(Token.EOF, true);
        if (body == null) {
            return false;
        }
        place(body.location().row(), AnnotationParser.Target.RULE, -1, bare.size());
        bare.add(new Bare(body, parsed.size() + bare.size()));
        return true;
    }

    private boolean packageStatement() {
        Location place = cursor.location();
        Ref path = importer.packagePath();
        if (path == null) {
            return false;
        }
        packages.add(place);
        if (packageRef == null) {
            packageRef = path;
            packageLocation = place.until(cursor.lastEnd());
        }
        place(place.row(), AnnotationParser.Target.PACKAGE, -1, -1);
        return true;
    }

    /** A word of the language where a rule's name stands. */
    private boolean namesKeyword() {
        Tokens tokens = cursor.tokens();
        int index =
                cursor.is(Token.DEFAULT) && tokens.kind(cursor.at() + 1).isKeyword() ? cursor.at() + 1 : cursor.at();
        Token word = index == cursor.at() ? cursor.token() : tokens.kind(index);
        boolean future = index != cursor.at() && isFuture(word) && !cursor.isOn(word);
        if (!word.isKeyword() || future || isValue(word) || word == Token.ELSE || index + 1 >= tokens.size()) {
            return false;
        }
        Token next = tokens.kind(index + 1);
        boolean named = next == Token.ASSIGN
                || next == Token.UNIFY
                || next == Token.LPAREN && !tokens.spaced(index + 1) && word != Token.NOT
                || next == Token.IF && cursor.isOn(Token.IF)
                || next == Token.CONTAINS && cursor.isOn(Token.CONTAINS);
        if (named) {
            cursor.error(tokens.location(index), word.text() + " keyword cannot be used for rule name");
        }
        return named;
    }

    private static boolean isFuture(Token word) {
        return switch (word) {
            case IF, CONTAINS, IN, EVERY, LOGICAL_AND, LOGICAL_OR -> true;
            default -> false;
        };
    }

    private static boolean isValue(Token word) {
        return word == Token.NULL || word == Token.TRUE || word == Token.FALSE;
    }

    private RuleParser.Parsed[] readBareRules() {
        RuleParser.Parsed[] read = new RuleParser.Parsed[bare.size()];
        BareRules reader = new BareRules(BuiltinSignatures.of(options.opa())::has);
        int added = 0;
        for (int i = 0; i < bare.size(); i++) {
            Bare statement = bare.get(i);
            BareRules.Reading reading = reader.read(statement.body);
            RuleParser.Parsed rule = reading.rule();
            if (rule != null) {
                read[i] = rule;
                parsed.add(statement.index - (i - added), rule);
                added++;
            } else {
                String hint = wordHint(statement);
                cursor.errors().add(new ParseError(statement.body.location(), reading.refusal(), hint));
            }
        }
        return read;
    }

    /** {@code p if {…}} and {@code p contains x} read as a row of names where the words are off. */
    private String wordHint(Bare statement) {
        String hint = statement.body.exprs().get(0).statement() instanceof Var own ? wordHint(own.name()) : "";
        for (int i = 0; i + 1 < statements.size() && hint.isEmpty(); i++) {
            int bareIndex = statements.get(i).bareIndex;
            Placed next = statements.get(i + 1);
            if (bareIndex >= 0
                    && bare.get(bareIndex) == statement
                    && next.statement.row() == statements.get(i).statement.row()) {
                hint = wordHint(leadingName(next));
            }
        }
        return hint;
    }

    private String leadingName(Placed placed) {
        if (placed.bareIndex >= 0) {
            return bare.get(placed.bareIndex).body.exprs().get(0).statement() instanceof Var var ? var.name() : "";
        }
        return placed.name;
    }

    private String wordHint(String name) {
        if (name.equals("if") && !cursor.isOn(Token.IF)) {
            return "`import future.keywords.if` for `p if { ... }` rules";
        }
        if (name.equals("contains") && !cursor.isOn(Token.CONTAINS)) {
            return "`import future.keywords.contains` for `p contains x` rules";
        }
        return "";
    }

    private void checkV1() {
        for (RuleParser.Parsed rule : parsed) {
            checkV1(rule);
        }
    }

    private void checkV1(RuleParser.Parsed parsedRule) {
        Rule rule = parsedRule.rule();
        String what = rule.head().isFunction() ? "function" : "rule";
        Location place = rule.location();
        if (rule.ref().size() == 1
                && rule.ref().head() instanceof Var name
                && Token.word(name.name()).isKeyword()
                && (!isFuture(Token.word(name.name())) || cursor.isOn(Token.word(name.name())))) {
            cursor.error(place, name + " keyword cannot be used for rule name");
        }
        boolean hasValue = parsedRule.valueGiven()
                || rule.head().isPartialSet()
                || rule.head().isFunction();
        if (!rule.hasBody() && !hasValue && !rule.isDefault()) {
            cursor.error(place, what + " must have value assignment and/or body declaration");
        }
        if (rule.hasBody() && !parsedRule.usesIf()) {
            cursor.error(place, "`if` keyword is required before " + what + " body");
        }
        if (rule.head().isPartialSet() && !parsedRule.usesContains()) {
            cursor.error(place, "`contains` keyword is required for partial set rules");
        }
        for (RuleParser.Parsed branch : parsedRule.branches()) {
            checkV1(branch);
        }
    }
}
