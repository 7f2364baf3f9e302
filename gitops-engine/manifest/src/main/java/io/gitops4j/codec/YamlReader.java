package io.gitops4j.codec;

import io.gitops4j.codec.DocumentSplitter.Piece;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonPointer;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.Origin;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import io.gitops4j.spi.TaskRunner;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.events.Event;

/**
 * Reads YAML and JSON as kubectl ({@link #kubectl()}) or as kustomize ({@link #kustomize()}) does; {@link #git()} refuses oddities
 * that kubectl lets pass. Every refusal is a {@link Problem} with file, line, column and snippet. Immutable and thread-safe.
 *
 * <p>Codes: {@code YAML_SYNTAX}, {@code JSON_SYNTAX}, {@code DUPLICATE_KEY}, {@code KEY_TYPE}, {@code NUMBER}, {@code TAG},
 * {@code MERGE_TYPE}, {@code UNKNOWN_ALIAS}, {@code RECURSIVE_ALIAS}, {@code ALIAS_LIMIT}, {@code EXPANSION_LIMIT},
 * {@code DEPTH_LIMIT}, {@code NODE_LIMIT}, {@code SCALAR_LIMIT}, {@code DOC_COUNT}, {@code FILE_SIZE}, {@code BAD_ENCODING}.
 *
 * <p>Source: k8s-java §D1.
 */
public final class YamlReader {
    private static final YamlReader KUBECTL = of(Dialect.KUBECTL);
    private static final YamlReader KUSTOMIZE = of(Dialect.KUSTOMIZE);
    private static final YamlReader CORE = of(Dialect.CORE);
    private static final YamlReader GIT = KUBECTL.withStrictness(Strictness.GIT);

    private static final int MENDED_PLACES = 1000;
    /** So many documents are one piece of work. */
    private static final int PIECES = 128;

    private final Dialect dialect;
    private final Strictness strictness;
    private final Limits limits;
    private final TaskRunner tasks;

    private YamlReader(Dialect dialect, Strictness strictness, Limits limits, TaskRunner tasks) {
        this.dialect = dialect;
        this.strictness = strictness;
        this.limits = limits;
        this.tasks = tasks;
    }

    private static YamlReader of(Dialect dialect) {
        return new YamlReader(dialect, Strictness.AS_PEER, Limits.defaults(), TaskRunner.sequential());
    }

    /** Reads as {@code kubectl apply} does: sigs.k8s.io/yaml over go-yaml v2. */
    public static YamlReader kubectl() {
        return KUBECTL;
    }

    /** Reads resource files as {@code kustomize build} does: kyaml over go-yaml v3. */
    public static YamlReader kustomize() {
        return KUSTOMIZE;
    }

    /** Reads as OPA does: newer sigs.k8s.io/yaml, where only {@code true} and {@code false} are booleans. */
    public static YamlReader core() {
        return CORE;
    }

    /** Reads as {@link #kubectl()} and refuses what {@link Strictness#GIT} names: for files from Git that are to be applied. */
    public static YamlReader git() {
        return GIT;
    }

    /** The same reading within other bounds. */
    public YamlReader withLimits(Limits newLimits) {
        return new YamlReader(dialect, strictness, newLimits, tasks);
    }

    /** The same reading, refusing more or less of what the peer lets pass. */
    public YamlReader withStrictness(Strictness newStrictness) {
        return new YamlReader(dialect, newStrictness, limits, tasks);
    }

    /** The same reading, the documents of long files spread over what {@code runner} has. */
    public YamlReader withTasks(TaskRunner runner) {
        return new YamlReader(dialect, strictness, limits, runner);
    }

    /**
     * One document.
     *
     * @param line 1-based, where it starts
     * @param value or why there is none
     * @param itemLines 1-based lines where the items of a List start, as far as they are known
     */
    record Document(int line, Outcome<Json> value, List<Integer> itemLines) {
        Document(int line, Outcome<Json> value) {
            this(line, value, List.of());
        }
    }

    /**
     * The values of all documents, in order; documents that are empty or null are left out. One bad document withholds all,
     * and every bad document is reported.
     */
    public Outcome<List<Json>> readAll(String file, String text) {
        List<Json> values = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        boolean failed = false;
        for (Outcome<Json> document : readEach(file, text)) {
            problems.addAll(document.problems());
            Json value = document.orNull();
            failed |= value == null;
            if (value != null) {
                values.add(value);
            }
        }
        return failed ? Outcome.failed(problems) : Outcome.of(List.copyOf(values), problems);
    }

    /** As {@link #readAll}, with the outcome of each document by itself: good ones keep their value beside a bad one. */
    public List<Outcome<Json>> readEach(String file, String text) {
        return documents(file, text).stream().map(Document::value).toList();
    }

    /**
     * The value of a text that holds one document; null for an empty text.
     *
     * @return a failure ({@code DOC_COUNT}) when there is more than one document
     */
    public Outcome<Json> read(String file, String text) {
        return readAll(file, text)
                .then(values -> values.size() > 1
                        ? Outcome.failed(
                                Problem.error("DOC_COUNT", "one document is expected, there are " + values.size())
                                        .at(Where.file(file)))
                        : Outcome.of(values.isEmpty() ? Json.nul() : values.get(0)));
    }

    /**
     * The objects of all documents: kinds ending in {@code List} are replaced by their items, each object has a kind, an
     * apiVersion and a name, labels and annotations are strings.
     */
    public Outcome<List<Manifest>> readManifests(String file, String text) {
        return new ManifestReader(dialect, strictness, file, text).read(documents(file, text));
    }

    /**
     * As {@link #readManifests}, asking of the objects no more than the tool itself does to read them: a kind, and strings
     * where Kubernetes wants strings.
     */
    public Outcome<List<JsonObject>> readObjects(String file, String text) {
        return readPlaced(file, text)
                .map(objects -> objects.stream().map(Manifest::body).toList());
    }

    /** As {@link #readObjects}, each with its place. */
    public Outcome<List<Manifest>> readPlaced(String file, String text) {
        return new ManifestReader(dialect, strictness, file, text).objects(documents(file, text));
    }

    /** The mappings among the documents, each with its place, a List replaced by its items; nothing more is asked of them. */
    public Outcome<List<Manifest>> readMappings(String file, String text) {
        List<Manifest> mappings = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        List<Document> documents = documents(file, text);
        for (int i = 0; i < documents.size(); i++) {
            Document document = documents.get(i);
            problems.addAll(document.value().problems());
            if (document.value().orNull() instanceof JsonObject object) {
                addMappings(object, document, Origin.file(file, i).atLine(document.line()), mappings);
            }
        }
        return problems.stream().anyMatch(Problem::isError)
                ? Outcome.failed(problems)
                : Outcome.of(List.copyOf(mappings), problems);
    }

    private static void addMappings(JsonObject object, Document document, Origin origin, List<Manifest> mappings) {
        if (!object.text("kind", "").endsWith("List") || !(object.get("items") instanceof JsonArray items)) {
            mappings.add(Manifest.trusted(object, origin));
            return;
        }
        List<Integer> lines = document.itemLines();
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i) instanceof JsonObject item) {
                Origin own = origin.within(JsonPointer.of("items").child(i));
                mappings.add(Manifest.trusted(item, lines.size() == items.size() ? own.atLine(lines.get(i)) : own));
            }
        }
    }

    List<Document> documents(String file, String text) {
        List<Document> out = new ArrayList<>();
        if (text.length() > limits.fileBytes()) {
            out.add(new Document(
                    1,
                    Outcome.failed(Problem.error("FILE_SIZE", "larger than " + limits.fileBytes() + " bytes")
                            .at(Where.file(file)))));
            return out;
        }
        int offset = 0;
        int line = 0;
        if (dialect == Dialect.KUBECTL && JsonStream.isJson(text)) {
            JsonStream stream = new JsonStream(file, text, limits, strictness);
            offset = stream.readInto(out);
            line = stream.line();
        }
        if (offset < text.length()) {
            yaml(file, text, offset, line, out);
        }
        return out;
    }

    private void yaml(String file, String text, int offset, int line, List<Document> out) {
        List<Piece> pieces = DocumentSplitter.split(dialect, text, offset, line);
        if (pieces.size() > 2 * PIECES && out.size() + pieces.size() <= limits.documents()) {
            List<Supplier<List<Document>>> work = new ArrayList<>();
            for (int from = 0; from < pieces.size(); from += PIECES) {
                List<Piece> some = pieces.subList(from, Math.min(from + PIECES, pieces.size()));
                work.add(() -> {
                    List<Document> documents = new ArrayList<>();
                    documents(file, text, some, documents);
                    return documents;
                });
            }
            tasks.<List<Document>>run(work, out::addAll);
        } else {
            documents(file, text, pieces, out);
        }
    }

    private void documents(String file, String text, List<Piece> pieces, List<Document> out) {
        KeyPool keys = new KeyPool();
        for (Piece piece : pieces) {
            if (out.size() >= limits.documents()) {
                Where where = Where.in(file, text, piece.line() + 1, 1);
                out.add(new Document(
                        piece.line() + 1,
                        Outcome.failed(Problem.error("DOC_COUNT", "more than " + limits.documents() + " documents")
                                .at(where))));
                return;
            }
            Document document = document(file, text, piece, keys);
            if (document != null) {
                out.add(document);
            }
        }
    }

    private @Nullable Document document(String file, String text, Piece piece, KeyPool keys) {
        int firstLine = piece.line() + 1;
        if (piece.badSeparator() != null) {
            String message = "invalid Yaml document separator: " + piece.badSeparator();
            return new Document(
                    firstLine,
                    Outcome.failed(Problem.error("YAML_SYNTAX", message).at(Where.in(file, text, firstLine, 4))));
        }
        if (piece.text().length() > limits.documentBytes()) {
            return new Document(
                    firstLine,
                    Outcome.failed(
                            Problem.error("FILE_SIZE", "a document is larger than " + limits.documentBytes() + " bytes")
                                    .at(Where.in(file, text, firstLine, 1))));
        }
        int start = PlainFlow.start(piece.text(), Math.min(limits.nodes(), limits.scalarBytes()));
        Json plain = start < 0 || limits.depth() < PlainFlow.DEEPEST ? null : PlainFlow.read(piece.text(), start, keys);
        if (plain != null) {
            int lines = (int) piece.text()
                    .substring(0, start)
                    .chars()
                    .filter(c -> c == '\n')
                    .count();
            return new Document(
                    firstLine + lines, Outcome.of(plain), ItemLines.of(plain, piece.text(), start, firstLine + lines));
        }
        String yaml = yamlText(piece);
        for (int attempt = 0; ; attempt++) {
            EventSource events = new EventSource(file, text, piece.line(), yaml, strictness);
            try {
                return compose(piece, events, keys);
            } catch (Refusal refusal) {
                String mended = attempt < MENDED_PLACES ? Mending.mended(yaml, events.failedAt()) : null;
                if (mended == null) {
                    return new Document(firstLine, Outcome.failed(refusal.problem()));
                }
                yaml = mended;
            }
        }
    }

    private @Nullable Document compose(Piece piece, EventSource events, KeyPool keys) {
        Event event = events.next();
        while (event.is(Event.ID.StreamStart) || event.is(Event.ID.DocumentStart)) {
            event = events.next();
        }
        if (event.is(Event.ID.StreamEnd)) {
            // The splitter cuts a directive off from its document.
            if (piece.text().startsWith("%") || piece.text().contains("\n%")) {
                throw events.refuse(event.getStartMark(), "YAML_SYNTAX", "did not find expected <document start>");
            }
            return null;
        }
        List<Problem> warnings = new ArrayList<>();
        Composer composer = new Composer(dialect, strictness, limits, events.startingWith(event), keys, warnings);
        Json value = composer.compose();
        events.finish();
        int line = piece.line() + event.getStartMark().getLine() + 1;
        List<Integer> items =
                composer.itemLines().stream().map(at -> piece.line() + at + 1).toList();
        return value.isNull() ? null : new Document(line, Outcome.of(value, warnings), items);
    }

    /** kubectl's line reader ends the last line; a byte order mark is not text. */
    private String yamlText(Piece piece) {
        String text = piece.text();
        if (text.charAt(0) == '\uFEFF') {
            text = text.substring(1);
        }
        return dialect == Dialect.KUBECTL && !text.endsWith("\n") ? text + "\n" : text;
    }
}
