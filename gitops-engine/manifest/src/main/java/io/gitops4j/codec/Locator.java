package io.gitops4j.codec;

import io.gitops4j.codec.DocumentSplitter.Piece;
import io.gitops4j.json.JsonPointer;
import io.gitops4j.problem.Where;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;

/**
 * Finds the line and column of a field by reading the file once more, so that values need not carry positions. Places point
 * at the key of a member and at the first character of an item.
 */
public final class Locator {
    private final EventSource events;

    private Locator(EventSource events) {
        this.events = events;
    }

    /**
     * The place of {@code pointer} in a document of {@code text}. Where the field is not written there (it is missing, or came
     * by an alias or merge key), the place of the nearest field around it; where the document cannot be read, the file.
     *
     * @param file name of the file
     * @param text its text
     * @param document 0-based index among the documents that hold something, as in {@code Origin.document()}
     * @param pointer path within the document
     */
    public static Where locate(String file, String text, int document, JsonPointer pointer) {
        return locate(
                file,
                text,
                document,
                (events, root) ->
                        events.where(new Locator(events).find(root, pointer).place()));
    }

    /**
     * The place of a line and column of the text that the scalar at {@code pointer} holds, such as code in a block scalar. Where the
     * scalar is not written there, the place that {@link #locate} finds.
     *
     * @param line 1-based line of the scalar's value
     * @param column 1-based column of the line, in code points; below 1 for the line as a whole
     */
    public static Where within(String file, String text, int document, JsonPointer pointer, int line, int column) {
        return locate(file, text, document, (events, root) -> {
            Found found = new Locator(events).find(root, pointer);
            Where inside = found.value() instanceof ScalarEvent scalar && found.whole()
                    ? events.inside(scalar, line, column)
                    : null;
            return inside == null ? events.where(found.place()) : inside;
        });
    }

    private static Where locate(String file, String text, int document, BiFunction<EventSource, Event, Where> place) {
        int seen = 0;
        for (Piece piece : DocumentSplitter.split(Dialect.KUBECTL, text, 0, 0)) {
            EventSource events = new EventSource(file, text, piece.line(), piece.text(), Strictness.AS_PEER);
            try {
                Event event = events.next();
                while (event.is(Event.ID.StreamStart) || event.is(Event.ID.DocumentStart)) {
                    event = events.next();
                }
                if (!event.is(Event.ID.StreamEnd) && !isNull(event) && seen++ == document) {
                    return place.apply(events, event);
                }
            } catch (Refusal refusal) {
                if (seen++ == document) {
                    return refusal.problem().where();
                }
            }
        }
        return Where.file(file);
    }

    private static boolean isNull(Event event) {
        if (!(event instanceof ScalarEvent scalar)) {
            return false;
        }
        ScalarResolver.Scalar value = Dialect.KUBECTL.resolver().resolve(scalar.getValue(), false);
        return value != null && value.type() == ScalarResolver.Type.NULL;
    }

    private Found find(Event root, JsonPointer pointer) {
        Mark place = root.getStartMark();
        Event at = root;
        for (int i = 0; i < pointer.size(); i++) {
            Found found = at instanceof MappingStartEvent
                    ? member(pointer.token(i))
                    : at instanceof SequenceStartEvent ? item(pointer.token(i)) : null;
            if (found == null) {
                return new Found(place, at, false);
            }
            place = found.place();
            at = found.value();
        }
        return new Found(place, at, true);
    }

    /** A field, or the nearest one around it where it is not the {@code whole} of what was looked for. */
    private record Found(Mark place, Event value, boolean whole) {}

    private @Nullable Found member(String key) {
        Event event = events.next();
        while (!event.is(Event.ID.MappingEnd)) {
            if (event instanceof ScalarEvent scalar && scalar.getValue().equals(key)) {
                return new Found(event.getStartMark(), events.next(), true);
            }
            skip(event);
            skip(events.next());
            event = events.next();
        }
        return null;
    }

    private @Nullable Found item(String token) {
        int index = JsonPointer.index(token);
        Event event = events.next();
        for (int i = 0; !event.is(Event.ID.SequenceEnd); i++) {
            if (i == index) {
                return new Found(event.getStartMark(), event, true);
            }
            skip(event);
            event = events.next();
        }
        return null;
    }

    private void skip(Event start) {
        int depth = 0;
        Event event = start;
        while (true) {
            if (event instanceof MappingStartEvent || event instanceof SequenceStartEvent) {
                depth++;
            } else if (event.is(Event.ID.MappingEnd) || event.is(Event.ID.SequenceEnd)) {
                depth--;
            }
            if (depth == 0) {
                return;
            }
            event = events.next();
        }
    }
}
