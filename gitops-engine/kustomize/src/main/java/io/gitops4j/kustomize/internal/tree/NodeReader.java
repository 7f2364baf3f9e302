package io.gitops4j.kustomize.internal.tree;

import io.gitops4j.codec.Mending;
import io.gitops4j.codec.Strictness;
import io.gitops4j.problem.Limits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CommentEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.parser.Parser;
import org.yaml.snakeyaml.parser.ParserException;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.scanner.ScannerException;

/**
 * Reads the first document of a text into {@link Node}s: scalars typed by {@link Scalars}, aliases copied, merge keys
 * expanded (explicit keys win). Places are kept.
 */
public final class NodeReader {
    private static final int MENDED_PLACES = 1000;
    private static final Pattern SURROGATE = Pattern.compile("(?<!\\\\)(?:\\\\\\\\)*\\\\u[dD][89a-fA-F]");
    private final Limits limits;
    private final Strictness strictness;
    private final boolean second;
    private final Parser parser;
    private final String text;
    private final boolean surrogates;
    private final int firstLine;
    private final Map<String, Node> anchors = new HashMap<>();
    private final Set<String> open = new HashSet<>();
    private final @Nullable Comments comments;
    private @Nullable Node last;
    private @Nullable YamlFault otherType;
    private @Nullable YamlFault invalidKey;
    private int copied;
    private int nodes;

    private NodeReader(
            String text,
            int firstLine,
            Limits limits,
            Strictness strictness,
            boolean second,
            @Nullable Comments comments) {
        this.limits = limits;
        this.comments = comments;
        this.second = second;
        this.strictness = strictness;
        this.text = text;
        this.surrogates = text.contains("\\ud") || text.contains("\\uD");
        this.firstLine = firstLine;
        LoaderOptions options = new LoaderOptions();
        options.setProcessComments(comments != null);
        options.setCodePointLimit(Integer.MAX_VALUE);
        options.setNestingDepthLimit(limits.depth() + 1);
        this.parser = new ParserImpl(new StreamReader(text), options);
    }

    /**
     * The first document; {@code null} when there is none.
     *
     * @param firstLine number of the text's first line in its file, 1-based
     * @throws YamlFault when the text is no YAML or exceeds a limit
     */
    public static @Nullable Node read(String text, int firstLine, Limits limits) {
        return read(text, firstLine, limits, Strictness.AS_PEER);
    }

    /** As {@link #read(String, int, Limits)}, refusing what the strictness names. */
    public static @Nullable Node read(String text, int firstLine, Limits limits, Strictness strictness) {
        return read(text, firstLine, limits, strictness, false);
    }

    /** The first document of a file that Go's second major version reads: it counts lines in messages otherwise. */
    public static @Nullable Node readOld(String text, Limits limits) {
        return read(text, 1, limits, Strictness.AS_PEER, true);
    }

    /** The first document of a text that is kept inside a scalar, its comments in {@code comments}. */
    static @Nullable Node read(String text, Limits limits, Comments comments) {
        try {
            return new NodeReader(text, 1, limits, Strictness.AS_PEER, false, comments).document();
        } catch (YAMLException | StackOverflowError e) {
            return read(text, 1, limits);
        }
    }

    private static @Nullable Node read(
            String text, int firstLine, Limits limits, Strictness strictness, boolean second) {
        if (text.length() > limits.documentBytes()) {
            throw new YamlFault("document exceeds " + limits.documentBytes() + " bytes", 0, 0);
        }
        String current = text;
        for (int attempt = 0; ; attempt++) {
            try {
                NodeReader reader = new NodeReader(current, firstLine, limits, strictness, second, null);
                Node document = reader.document();
                if (reader.invalidKey != null) {
                    throw reader.invalidKey;
                }
                if (second && reader.otherType != null) {
                    throw reader.otherType;
                }
                return document;
            } catch (YAMLException e) {
                String mended = attempt < MENDED_PLACES ? Mending.mended(current, offset(e, current)) : null;
                if (mended == null) {
                    throw GoYamlMessage.fault(e, current, firstLine, second);
                }
                current = mended;
            } catch (StackOverflowError e) {
                throw new YamlFault("yaml: exceeded max depth", 0, 0);
            }
        }
    }

    private static int offset(YAMLException error, String text) {
        Mark mark = error instanceof MarkedYAMLException marked ? marked.getProblemMark() : null;
        return mark == null
                ? -1
                : text.offsetByCodePoints(0, Math.min(mark.getIndex(), text.codePointCount(0, text.length())));
    }

    /** The next event that is no comment; comments are taken up where they are kept. */
    private Event next() {
        Event event = parser.getEvent();
        while (comments != null && event instanceof CommentEvent comment) {
            comments.meet(comment, last, left(comment));
            event = parser.getEvent();
        }
        return event;
    }

    /** What stands on the line of a comment before it. */
    private String left(CommentEvent comment) {
        int at = text.offsetByCodePoints(0, Math.min(comment.getStartMark().getIndex(), text.length()));
        return text.substring(text.lastIndexOf('\n', at - 1) + 1, at).strip();
    }

    private @Nullable Node document() {
        next();
        Event start = next();
        if (start.is(Event.ID.StreamEnd)) {
            refuseDirective();
            return null;
        }
        Node root = node(next(), 0, -1);
        if (strictness == Strictness.GIT) {
            refuseOddities(root, false);
        }
        next();
        if (!second) {
            refuseWhatFollows();
        }
        return root;
    }

    /** Only one document is read; but the scanner has looked at what follows it, and a directive may not stand there. */
    private void refuseWhatFollows() {
        Event next;
        try {
            next = parser.peekEvent();
        } catch (ScannerException e) {
            throw e;
        } catch (ParserException e) {
            // After a directive only the start of a document may stand, and a key is none.
            Mark mark = e.getProblemMark();
            String rest = text.substring(offset(e, text));
            if (mark != null && isDirective(mark) && rest.contains(":")) {
                throw new YamlFault(
                        "yaml: line " + (mark.getLine() + 1) + ": mapping values are not allowed in this context",
                        mark.getLine() + firstLine,
                        mark.getColumn() + 1);
            }
            return;
        }
        int at = next == null
                ? 0
                : text.offsetByCodePoints(0, next.getStartMark().getIndex());
        if (next != null && next.is(Event.ID.DocumentStart) && at < text.length() && text.charAt(at) == '%') {
            throw fault(
                    next, "line " + (next.getStartMark().getLine() + 1) + ": did not find expected <document start>");
        }
    }

    /** Whether the line before a place begins with a percent sign. */
    private boolean isDirective(Mark mark) {
        int at = text.offsetByCodePoints(0, Math.min(mark.getIndex(), text.codePointCount(0, text.length())));
        int line = text.lastIndexOf('\n', Math.max(0, at - 1)) + 1;
        int before = line < 2 ? -1 : text.lastIndexOf('\n', line - 2) + 1;
        return before >= 0 && text.charAt(before) == '%';
    }

    /**
     * Refuses binary values outside of the data of a Secret or ConfigMap, numbers beyond the range of a float64, and the
     * character U+0000.
     */
    private void refuseOddities(Node node, boolean binaryData) {
        if (node.isScalar()) {
            if (node.tag() == Tag.BINARY && !binaryData) {
                throw odd(node, "TAG", "!!binary stands outside of the data of a Secret or ConfigMap");
            }
            if (node.text().indexOf('\0') >= 0) {
                throw odd(node, "BAD_ENCODING", "a text with the character U+0000");
            }
            if (node.style() == Node.Style.PLAIN && node.tag() == Tag.STR && Scalars.isTooLarge(node.text())) {
                throw odd(node, "NUMBER", "no float64 holds so large a number");
            }
            return;
        }
        String kind = node.isMap() ? node.textOf("kind") : "";
        boolean carrier = "Secret".equals(kind) || "ConfigMap".equals(kind);
        for (int i = 0; i < node.size(); i++) {
            Node item = node.item(i);
            boolean data = carrier && ("data".equals(node.key(i)) || "binaryData".equals(node.key(i)));
            if (data && item.isMap()) {
                item.items().forEach(each -> refuseOddities(each, true));
            } else {
                refuseOddities(item, false);
            }
        }
    }

    private static YamlFault odd(Node node, String code, String text) {
        return new YamlFault(code, "yaml: " + text, node.line(), node.column());
    }

    private void refuseForeign(Event event, @Nullable String tag) {
        if (tag != null && strictness.refusesTag(tag)) {
            throw new YamlFault(
                    "TAG",
                    "yaml: tag " + tag + " is none of YAML's own",
                    event.getStartMark().getLine() + firstLine,
                    event.getStartMark().getColumn() + 1);
        }
    }

    /** A directive belongs to a document, which must follow it in the same part of the text. */
    private void refuseDirective() {
        for (int at = 0; at >= 0 && at < text.length(); at = text.indexOf('\n', at) + 1) {
            if (text.charAt(at) == '%') {
                int lines = text.endsWith("\n") ? 0 : 1;
                for (int i = 0; i < text.length(); i++) {
                    lines += text.charAt(i) == '\n' ? 1 : 0;
                }
                throw new YamlFault(
                        "yaml: line " + lines + ": did not find expected <document start>", firstLine + lines, 1);
            }
            if (text.indexOf('\n', at) < 0) {
                return;
            }
        }
    }

    private Node node(Event event, int depth, int parent) {
        if (depth > limits.depth()) {
            throw fault(event, "exceeded max depth of " + limits.depth());
        }
        count(event, 1);
        if (event instanceof ScalarEvent scalar) {
            return anchored(scalar.getAnchor(), scalar(scalar));
        }
        if (event instanceof AliasEvent alias) {
            return alias(alias);
        }
        if (event instanceof SequenceStartEvent sequence) {
            refuseForeign(event, sequence.getTag());
            Node node = placed(Node.seq(), event);
            opened(sequence.getAnchor());
            if (sequence.isFlow()) {
                node.styled(Node.Style.FLOW);
            }
            for (Event next = next(); !next.is(Event.ID.SequenceEnd); next = next()) {
                Comments.Heads heads = comments == null ? Comments.Heads.NONE : comments.take(-1);
                Node item = inFlow(node(next, depth + 1, node.column() - 1), sequence.isFlow());
                if (comments != null) {
                    comments.head(item, heads);
                    last = item;
                }
                node.add(item);
            }
            if (comments != null) {
                comments.foot(node, parent);
            }
            return anchored(sequence.getAnchor(), node);
        }
        if (event instanceof MappingStartEvent mapping) {
            return anchored(mapping.getAnchor(), mapping(mapping, depth, parent));
        }
        throw fault(event, "unexpected " + event.getEventId());
    }

    private Node mapping(MappingStartEvent mapping, int depth, int parent) {
        refuseForeign(mapping, mapping.getTag());
        Node node = placed(Node.map(), mapping);
        opened(mapping.getAnchor());
        if (mapping.isFlow()) {
            node.styled(Node.Style.FLOW);
        }
        List<Node> merges = null;
        for (Event next = next(); !next.is(Event.ID.MappingEnd); next = next()) {
            boolean spaced = node.size() > 0 || parent < 0;
            Comments.Heads heads =
                    comments == null ? Comments.Heads.NONE : comments.take(spaced ? node.column() - 1 : -1);
            Node key = node(next, depth + 1, node.column() - 1);
            if (comments != null) {
                comments.head(key, heads);
                last = key;
            }
            Node value = inFlow(node(next(), depth + 1, node.column() - 1), mapping.isFlow());
            last = value;
            if (!key.isScalar()) {
                invalidKey = invalidKey == null ? fault(next, "invalid map key: " + NodeText.block(key)) : invalidKey;
                continue;
            }
            if (key.tag() == Tag.MERGE) {
                if (merges != null) {
                    throw fault(next, "duplicate merge key");
                }
                merges = new ArrayList<>();
                merges.add(value);
            } else {
                node.append(key, value);
            }
        }
        if (comments != null) {
            comments.foot(node, parent);
        }
        if (merges != null) {
            for (Node merge : merges) {
                merge(node, merge, mapping);
            }
        }
        return node;
    }

    /** An empty value between brackets is printed as an empty string; what transformers see of it is null. */
    private static Node inFlow(Node value, boolean flow) {
        return flow && value.isNull() && value.text().isEmpty() ? value.styled(Node.Style.FLOW) : value;
    }

    /** A list merges in order, so that its first mapping wins over the later ones. */
    private void merge(Node into, Node source, Event event) {
        if (source.isMap()) {
            for (int i = 0; i < source.size(); i++) {
                if (into.indexOf(source.key(i)) < 0) {
                    into.append(source.keyNode(i).copy(), source.item(i).copy());
                }
            }
        } else if (source.isSeq()) {
            for (Node each : source.items()) {
                if (!each.isMap()) {
                    throw fault(event, "map merge requires map or sequence of maps as the value");
                }
                merge(into, each, event);
            }
        } else {
            throw fault(event, "map merge requires map or sequence of maps as the value");
        }
    }

    private Node alias(AliasEvent alias) {
        if (open.contains(alias.getAnchor())) {
            throw fault(alias, "anchor '" + alias.getAnchor() + "' value contains itself");
        }
        Node target = anchors.get(alias.getAnchor());
        if (target == null) {
            throw fault(alias, "unknown anchor '" + alias.getAnchor() + "' referenced");
        }
        int size = size(target);
        copied += size;
        if (copied > limits.aliasExpansions()) {
            throw fault(alias, "document contains excessive aliasing");
        }
        count(alias, size);
        return target.copy();
    }

    private void count(Event event, int more) {
        nodes += more;
        if (nodes > limits.nodes()) {
            throw fault(event, "document has more than " + limits.nodes() + " nodes");
        }
    }

    private static int size(Node node) {
        int size = 1;
        for (Node item : node.items()) {
            size += size(item);
        }
        return size;
    }

    private void opened(@Nullable String anchor) {
        if (anchor != null) {
            open.add(anchor);
        }
    }

    private Node anchored(@Nullable String anchor, Node node) {
        if (anchor != null) {
            open.remove(anchor);
            anchors.put(anchor, node);
        }
        return node;
    }

    private Node scalar(ScalarEvent event) {
        String text = event.getValue();
        if (text.length() > limits.scalarBytes()) {
            throw fault(event, "scalar exceeds " + limits.scalarBytes() + " characters");
        }
        Node.Style style = switch (event.getScalarStyle()) {
            case DOUBLE_QUOTED -> Node.Style.DOUBLE;
            case SINGLE_QUOTED -> Node.Style.SINGLE;
            case LITERAL -> Node.Style.LITERAL;
            case FOLDED -> Node.Style.FOLDED;
            default -> Node.Style.PLAIN;
        };
        if (surrogates && style == Node.Style.DOUBLE && hasSurrogateEscape(event)) {
            throw fault(event, "found invalid Unicode character escape code");
        }
        Tag tag = tag(event, text, style);
        if (event.getTag() != null) {
            refuseForeign(event, event.getTag());
            if (otherType == null) {
                otherType = otherType(event, tag, text);
            }
        }
        if (second && tag == Tag.STR && style == Node.Style.PLAIN && event.getTag() == null && isOldBoolean(text)) {
            return placed(
                    Node.scalar(Tag.BOOL, String.valueOf("yYoO".indexOf(text.charAt(0)) >= 0 && !isOff(text))), event);
        }
        if (second && tag == Tag.STR && event.getTag() != null) {
            style = Node.Style.DOUBLE;
        }
        boolean typed = event.getTag() != null && tag != Tag.STR;
        return placed(Node.scalar(tag, text).styled(typed ? Node.Style.PLAIN : style), event);
    }

    /** The words for booleans that only the second major version knows. */
    private static boolean isOldBoolean(String text) {
        return switch (text) {
            case "y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "n", "N", "no", "No", "NO", "off", "Off", "OFF" ->
                true;
            default -> false;
        };
    }

    private static boolean isOff(String text) {
        return text.length() == 3 && (text.endsWith("f") || text.endsWith("F"));
    }

    /** A type that is said must be one that the text can have; the third major version finds out when it prints. */
    private @Nullable YamlFault otherType(ScalarEvent event, Tag tag, String text) {
        Tag actual = Scalars.resolve(text);
        boolean fits = switch (tag) {
            case INT, BOOL, NULL -> actual == tag;
            case FLOAT -> actual == Tag.FLOAT || actual == Tag.INT;
            default -> true;
        };
        return fits ? null : fault(event, "cannot decode " + actual.text() + " `" + text + "` as a " + tag.text());
    }

    /** Go's reader knows no pairs of surrogates in escapes; half of one is no character. */
    private boolean hasSurrogateEscape(ScalarEvent event) {
        int from = text.offsetByCodePoints(0, event.getStartMark().getIndex());
        int to = text.offsetByCodePoints(
                from, event.getEndMark().getIndex() - event.getStartMark().getIndex());
        Matcher escapes = SURROGATE.matcher(text).region(from, to);
        return escapes.find();
    }

    private static Tag tag(ScalarEvent event, String text, Node.Style style) {
        String explicit = event.getTag();
        if (explicit == null) {
            return style == Node.Style.PLAIN ? Scalars.resolve(text) : Tag.STR;
        }
        return switch (explicit) {
            case "!" -> style == Node.Style.PLAIN ? Scalars.resolve(text) : Tag.STR;
            case "tag:yaml.org,2002:int" -> Tag.INT;
            case "tag:yaml.org,2002:float" -> Tag.FLOAT;
            case "tag:yaml.org,2002:bool" -> Tag.BOOL;
            case "tag:yaml.org,2002:null" -> Tag.NULL;
            case "tag:yaml.org,2002:binary" -> Tag.BINARY;
            case "tag:yaml.org,2002:timestamp" -> Tag.TIMESTAMP;
            case "tag:yaml.org,2002:merge" -> Tag.MERGE;
            default -> Tag.STR;
        };
    }

    private Node placed(Node node, Event event) {
        return node.at(
                event.getStartMark().getLine() + firstLine, event.getStartMark().getColumn() + 1);
    }

    private YamlFault fault(Event event, String text) {
        int line = event.getStartMark().getLine() + firstLine;
        return new YamlFault("yaml: " + text, line, event.getStartMark().getColumn() + 1);
    }
}
