package io.gitops4j.codec;

import io.gitops4j.codec.YamlLayout.Document;
import io.gitops4j.codec.YamlLayout.Entry;
import io.gitops4j.codec.YamlLayout.Kind;
import io.gitops4j.codec.YamlLayout.Piece;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.DocumentEndEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * Walks the events of a text. Comments are what stands behind a number sign in the gaps between scalars; which collection a
 * comment on a line of its own belongs to is told by its column, as people mean it.
 */
final class LayoutScan {
    private final String text;
    private final int @Nullable [] offsets;
    private final List<Document> documents = new ArrayList<>();
    private final List<Frame> stack = new ArrayList<>();
    private List<Piece> pieces = new ArrayList<>();
    private List<String> beforeRoot = new ArrayList<>();
    private boolean blockMapping;
    /** Behind what has been looked at. */
    private int last;
    /** The collections that were open there. */
    private List<Frame> lastStack = List.of();
    /** The flow collection that ended there. */
    private @Nullable Frame lastFlow;

    /** There is no layout. */
    static final class NoLayout extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NoLayout() {
            super(null, null, false, false);
        }
    }

    private static final class Frame {
        final boolean mapping;
        final boolean flow;
        final boolean indentless;
        final int column;
        final List<String> path;
        final @Nullable Entry owner;
        List<String> pending = new ArrayList<>();

        @Nullable
        Entry current;

        boolean valueNext;
        String key = "";

        Frame(boolean mapping, boolean flow, boolean indentless, int column, List<String> path, @Nullable Entry owner) {
            this.mapping = mapping;
            this.flow = flow;
            this.indentless = indentless;
            this.column = column;
            this.path = path;
            this.owner = owner;
        }

        Entry open() {
            Entry entry = new Entry(owner);
            entry.add(pending);
            pending = new ArrayList<>();
            current = entry;
            return entry;
        }

        List<String> valuePath() {
            if (!mapping) {
                return path;
            }
            List<String> longer = new ArrayList<>(path);
            longer.add(key);
            return longer;
        }
    }

    LayoutScan(String text) {
        this.text = text;
        offsets = text.codePointCount(0, text.length()) == text.length() ? null : offsets(text);
    }

    private static int[] offsets(String text) {
        int[] out = new int[text.codePointCount(0, text.length()) + 1];
        int offset = 0;
        for (int i = 0; i < out.length; i++) {
            out[i] = offset;
            offset += offset < text.length() ? Character.charCount(text.codePointAt(offset)) : 0;
        }
        return out;
    }

    private int offset(Mark mark) {
        return offsets == null
                ? Math.min(mark.getIndex(), text.length())
                : offsets[Math.min(mark.getIndex(), offsets.length - 1)];
    }

    List<Document> documents() {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(Integer.MAX_VALUE);
        try {
            ParserImpl parser = new ParserImpl(new StreamReader(text), options);
            for (Event event = parser.getEvent(); !event.is(Event.ID.StreamEnd); event = parser.getEvent()) {
                take(event);
            }
        } catch (YAMLException | StringIndexOutOfBoundsException e) {
            throw new NoLayout();
        }
        return documents;
    }

    private void take(Event event) {
        if (event instanceof NodeEvent node
                && (node.getAnchor() != null || event.is(Event.ID.Alias))
                && !event.is(Event.ID.StreamStart)) {
            throw new NoLayout();
        }
        if (event instanceof DocumentStartEvent start) {
            if (start.getVersion() != null
                    || (start.getTags() != null && !start.getTags().isEmpty())) {
                throw new NoLayout();
            }
            gap(offset(event.getStartMark()), null);
            reached(offset(event.getEndMark()));
        } else if (event instanceof DocumentEndEvent end) {
            endDocument(end);
        } else if (event instanceof ScalarEvent scalar) {
            scalar(scalar);
        } else if (event instanceof CollectionStartEvent start) {
            open(start);
        } else if (event.is(Event.ID.MappingEnd) || event.is(Event.ID.SequenceEnd)) {
            close(event);
        }
    }

    private void endDocument(DocumentEndEvent end) {
        if (end.getExplicit()) {
            throw new NoLayout();
        }
        int at = offset(end.getStartMark());
        gap(at, null);
        if (pieces.stream().anyMatch(piece -> piece.kind() != Kind.COMMENT)) {
            documents.add(new Document(pieces, at, blockMapping));
        }
        pieces = new ArrayList<>();
        beforeRoot = new ArrayList<>();
        blockMapping = false;
        reached(at);
    }

    private void open(CollectionStartEvent start) {
        if (start.getTag() != null) {
            throw new NoLayout();
        }
        boolean mapping = start.is(Event.ID.MappingStart);
        Frame parent = top();
        int at = offset(start.getStartMark());
        int column = start.getStartMark().getColumn();
        Entry owner = parent == null ? null : parent.mapping && parent.valueNext ? parent.current : null;
        List<String> path = parent == null ? List.of() : parent.valuePath();
        boolean indentless = !mapping && !start.isFlow() && parent != null && parent.mapping && column <= parent.column;
        Frame frame = null;
        if (parent != null && parent.mapping && parent.valueNext) {
            frame = new Frame(mapping, start.isFlow(), indentless, column, path, owner);
        } else if (parent == null) {
            blockMapping = mapping && !start.isFlow();
            frame = new Frame(mapping, start.isFlow(), indentless, column, path, null);
            frame.pending.addAll(beforeRoot);
        } else if (parent.mapping) {
            throw new NoLayout(); // A collection as a key.
        }
        gap(at, frame);
        if (frame == null && parent != null) {
            frame = new Frame(mapping, start.isFlow(), false, column, path, parent.open());
        }
        if (frame == null) {
            throw new NoLayout();
        }
        stack.add(frame);
        reached(start.isFlow() ? offset(start.getEndMark()) : at);
    }

    private void close(Event event) {
        Frame frame = stack.get(stack.size() - 1);
        if (frame.flow) {
            gap(offset(event.getStartMark()), null);
            pop();
            reached(offset(event.getEndMark()));
            lastFlow = frame;
        } else {
            pop();
        }
    }

    private void pop() {
        stack.remove(stack.size() - 1);
        valueDone();
    }

    private void valueDone() {
        Frame frame = top();
        if (frame != null && frame.mapping) {
            frame.valueNext = false;
        }
    }

    private void scalar(ScalarEvent event) {
        if (event.getTag() != null) {
            throw new NoLayout();
        }
        Frame frame = top();
        if (frame == null) {
            throw new NoLayout();
        }
        int from = offset(event.getStartMark());
        int to = offset(event.getEndMark());
        boolean block = event.getScalarStyle() == ScalarStyle.LITERAL || event.getScalarStyle() == ScalarStyle.FOLDED;
        while (block && to > from && text.charAt(to - 1) <= ' ') {
            to--;
        }
        gap(from, null);
        boolean key = frame.mapping && !frame.valueNext;
        boolean item = !frame.mapping && !frame.flow;
        int dash = item ? text.lastIndexOf('-', from - 1) : -1;
        if (key) {
            frame.key = event.getValue();
        }
        Entry entry = key || !frame.mapping || frame.current == null ? frame.open() : frame.current;
        pieces.add(new Piece(
                key ? Kind.KEY : Kind.VALUE,
                from,
                to,
                frame.column + 2,
                frame.flow,
                event.getScalarStyle() == ScalarStyle.PLAIN,
                key || frame.mapping ? frame.valuePath() : frame.path,
                false,
                dash,
                entry,
                List.of()));
        frame.valueNext = key;
        reached(Math.max(to, last));
    }

    private void reached(int offset) {
        last = offset;
        lastStack = List.copyOf(stack);
        lastFlow = null;
    }

    private @Nullable Frame top() {
        return stack.isEmpty() ? null : stack.get(stack.size() - 1);
    }

    /** Finds the comments up to {@code end}; {@code opening} is the collection that starts there as the value of a key. */
    private void gap(int end, @Nullable Frame opening) {
        for (int i = last; i < end; i++) {
            if (text.charAt(i) != '#' || (i > 0 && text.charAt(i - 1) > ' ')) {
                continue;
            }
            int newline = text.indexOf('\n', i);
            int to = newline < 0 ? text.length() : newline;
            if (to > i && text.charAt(to - 1) == '\r') {
                to--;
            }
            comment(i, to, opening);
            i = to;
        }
    }

    private void comment(int from, int to, @Nullable Frame opening) {
        int lineStart = text.lastIndexOf('\n', from - 1) + 1;
        String before = text.substring(lineStart, from);
        boolean sharesLine = !before.isBlank();
        Home home = sharesLine ? onLine(before.trim(), opening) : onOwnLine(from - lineStart, opening);
        String words = text.substring(from + 1, to);
        List<String> earlier = home.pending() == null ? List.of() : home.pending();
        pieces.add(new Piece(
                Kind.COMMENT,
                from,
                to,
                from - lineStart,
                false,
                false,
                home.path(),
                sharesLine,
                -1,
                home.owner(),
                earlier));
        if (home.pending() != null) {
            home.pending().add(words);
        } else if (home.entry() != null) {
            home.entry().add(List.of(words));
        }
    }

    /** Where a comment belongs: the collection, and the list that waits for its next entry or the entry itself. */
    private record Home(
            List<String> path,
            @Nullable Entry owner,
            @Nullable List<String> pending,
            @Nullable Entry entry) {
        static Home ahead(Frame frame) {
            return new Home(frame.path, frame.owner, frame.pending, null);
        }

        static Home of(Frame frame) {
            return new Home(frame.path, frame.owner, null, frame.current);
        }
    }

    private Home onLine(String before, @Nullable Frame opening) {
        Frame flow = lastFlow;
        if (flow != null) {
            return new Home(flow.path, flow.owner, null, flow.owner);
        }
        if (lastStack.isEmpty()) {
            return opening == null ? new Home(List.of(), null, beforeRoot, null) : Home.ahead(opening);
        }
        Frame frame = lastStack.get(lastStack.size() - 1);
        boolean dash = before.equals("-") || before.endsWith(" -");
        if (dash) {
            Frame sequence = opening != null ? opening : top() != null ? top() : frame;
            return sequence == null ? Home.of(frame) : Home.ahead(sequence);
        }
        return Home.of(frame);
    }

    private Home onOwnLine(int column, @Nullable Frame opening) {
        if (opening != null) {
            return Home.ahead(opening);
        }
        for (int i = lastStack.size() - 1; i >= 0; i--) {
            Frame frame = lastStack.get(i);
            boolean open = stack.contains(frame);
            boolean holds = frame.flow
                    ? open
                    : open && i == lastStack.size() - 1
                            || frame.column < column
                            || (frame.column == column && (open || !frame.indentless));
            if (holds || i == 0) {
                return frame.mapping && frame.valueNext && open ? Home.of(frame) : Home.ahead(frame);
            }
        }
        Frame root = top();
        return root == null ? new Home(List.of(), null, beforeRoot, null) : Home.ahead(root);
    }
}
