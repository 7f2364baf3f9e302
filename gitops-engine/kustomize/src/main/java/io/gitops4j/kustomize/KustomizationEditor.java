package io.gitops4j.kustomize;

import io.gitops4j.json.JsonObject;
import io.gitops4j.kustomize.internal.BuildFault;
import io.gitops4j.kustomize.internal.load.KustomizationFile;
import io.gitops4j.kustomize.internal.tree.Node;
import io.gitops4j.kustomize.internal.tree.NodeReader;
import io.gitops4j.kustomize.internal.tree.YamlFault;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes the text of a kustomization file and leaves everything else in it as it was written, comments and order included.
 * Every edit checks that the result still reads as a kustomization.
 */
public final class KustomizationEditor {
    private static final String NAME = "kustomization.yaml";

    private KustomizationEditor() {}

    /** Sets {@code namespace}. */
    public static Outcome<String> setNamespace(String text, String namespace) {
        return edit(text, lines -> lines.setTop("namespace", namespace));
    }

    /** Sets {@code namePrefix}. */
    public static Outcome<String> setNamePrefix(String text, String prefix) {
        return edit(text, lines -> lines.setTop("namePrefix", prefix));
    }

    /** Sets {@code nameSuffix}. */
    public static Outcome<String> setNameSuffix(String text, String suffix) {
        return edit(text, lines -> lines.setTop("nameSuffix", suffix));
    }

    /** Adds an entry to {@code components}, unless it is there. */
    public static Outcome<String> addComponent(String text, String path) {
        return edit(text, lines -> lines.addText("components", path));
    }

    /** Takes an entry out of {@code resources}; nothing to do where it is not there. */
    public static Outcome<String> removeResource(String text, String path) {
        return edit(text, lines -> lines.removeText("resources", path));
    }

    /** Adds an entry to {@code resources}, unless it is there. */
    public static Outcome<String> addResource(String text, String path) {
        return edit(text, lines -> lines.addText("resources", path));
    }

    /**
     * Sets new name, tag or digest of an image.
     *
     * @param argument as {@code kustomize edit set image} takes it: {@code name=newName:tag}, {@code name:tag},
     *     {@code name@digest}
     */
    public static Outcome<String> setImage(String text, String argument) {
        ImageArgument image = ImageArgument.parse(argument);
        if (image.name().isEmpty()
                || (image.newName().isEmpty()
                        && image.newTag().isEmpty()
                        && image.digest().isEmpty())) {
            return Outcome.failed(
                    Problem.error("IMAGE_ARGUMENT", "'" + argument + "' names no image or no change of it")
                            .hint("write name=newName:tag, name:tag or name@digest"));
        }
        return edit(text, lines -> lines.setImage(image));
    }

    private interface Edit {
        void on(Lines lines);
    }

    private static Outcome<String> edit(String text, Edit edit) {
        try {
            Node root = NodeReader.read(text, 1, Limits.defaults());
            Lines lines = new Lines(text, root == null || root.isNull() ? Node.map() : root);
            edit.on(lines);
            String result = lines.text();
            KustomizationFile.parse(NAME, result, ".", Limits.defaults());
            return Outcome.of(result);
        } catch (YamlFault e) {
            return Outcome.failed(
                    Problem.error("YAML_SYNTAX", e.text()).at(Where.in(NAME, text, e.line(), e.column())));
        } catch (BuildFault e) {
            return Outcome.failed(e.problem(Where.in(NAME, text, e.line(), e.column())));
        }
    }

    /** The lines of a file and the nodes that they spell. */
    private static final class Lines {
        private final List<String> lines;
        private final Node root;
        private final boolean endsInNewline;

        Lines(String text, Node root) {
            lines = new ArrayList<>(text.lines().toList());
            this.root = root;
            endsInNewline = text.isEmpty() || text.endsWith("\n");
            if (!root.isMap()) {
                throw new BuildFault("WRONG_TYPE", "a kustomization file is a mapping");
            }
        }

        String text() {
            return String.join("\n", lines) + (endsInNewline || !lines.isEmpty() ? "\n" : "");
        }

        void setTop(String field, String value) {
            Node node = root.get(field);
            if (node != null) {
                replace(node, value);
            } else if (root.style() == Node.Style.FLOW) {
                insertFlow(root, quoted(field) + ": " + quoted(value));
            } else {
                lines.add(field + ": " + plain(value));
            }
        }

        void addText(String field, String value) {
            Node list = root.get(field);
            if (list != null && list.isSeq()) {
                for (Node item : list.items()) {
                    if (item.text().equals(value)) {
                        return;
                    }
                }
            }
            append(field, list, List.of(plain(value)), quoted(value));
        }

        void removeText(String field, String value) {
            Node list = root.get(field);
            for (int i = 0; list != null && list.isSeq() && i < list.size(); i++) {
                Node item = list.item(i);
                if (!item.text().equals(value)) {
                    continue;
                }
                if (list.style() == Node.Style.FLOW) {
                    removeFlow(item);
                } else {
                    lines.remove(item.line() - 1);
                    if (list.size() == 1) {
                        lines.remove(root.keyNode(root.indexOf(field)).line() - 1);
                    }
                }
                return;
            }
        }

        private void removeFlow(Node item) {
            String line = lines.get(item.line() - 1);
            int from = item.column() - 1;
            String before = line.substring(0, from).stripTrailing();
            String after = line.substring(end(line, from, item)).stripLeading();
            if (after.startsWith(",")) {
                after = after.substring(1).stripLeading();
                before = line.substring(0, from);
            } else if (before.endsWith(",")) {
                before = before.substring(0, before.length() - 1);
            }
            lines.set(item.line() - 1, before + after);
        }

        void setImage(ImageArgument image) {
            Node list = root.get("images");
            if (list != null && list.isSeq()) {
                for (Node item : list.items()) {
                    if (item.textOf("name").equals(image.name())) {
                        change(item, image);
                        return;
                    }
                }
            }
            List<String> block = new ArrayList<>();
            StringBuilder flow = new StringBuilder("{");
            JsonObject entry = image.over(JsonObject.empty());
            entry.forEach((key, value) -> {
                String text = String.valueOf(value.textOrNull());
                block.add(key + ": " + plain(text));
                flow.append(flow.length() > 1 ? ", " : "")
                        .append(quoted(key))
                        .append(": ")
                        .append(quoted(text));
            });
            append("images", list, block, flow.append('}').toString());
        }

        /** Appends an item to a list field, in the form in which the list is written. */
        private void append(String field, @Nullable Node list, List<String> block, String flow) {
            if (list == null || list.isNull()) {
                int key = root.indexOf(field);
                if (root.style() == Node.Style.FLOW) {
                    insertFlow(root, quoted(field) + ": [" + flow + "]");
                    return;
                }
                if (key < 0) {
                    lines.add(field + ":");
                    insert(lines.size(), 0, block);
                } else {
                    insert(root.keyNode(key).line(), 0, block);
                }
            } else if (list.style() == Node.Style.FLOW) {
                insertFlow(list, flow);
            } else {
                insert(lastLine(list), list.column() - 1, block);
            }
        }

        private void insert(int after, int indent, List<String> block) {
            for (int i = 0; i < block.size(); i++) {
                lines.add(after + i, " ".repeat(indent) + (i == 0 ? "- " : "  ") + block.get(i));
            }
        }

        /** The last line that belongs to a block node: before whatever is indented less, comments and blanks left out. */
        private int lastLine(Node list) {
            int indent = list.column() - 1;
            int last = list.line();
            for (int i = list.line(); i < lines.size(); i++) {
                String line = lines.get(i);
                String stripped = line.strip();
                if (stripped.isEmpty() || stripped.startsWith("#")) {
                    continue;
                }
                int depth = line.length() - line.stripLeading().length();
                if (depth < indent || (depth == indent && !stripped.startsWith("-"))) {
                    break;
                }
                last = i + 1;
            }
            return last;
        }

        private void change(Node entry, ImageArgument image) {
            JsonObject wanted = image.over(JsonObject.empty()).without("name");
            boolean repins = !image.newTag().isEmpty() || !image.digest().isEmpty();
            for (String field : List.of("newName", "newTag", "digest")) {
                String value = wanted.text(field, "");
                Node old = entry.get(field);
                if (!value.isEmpty() && old != null) {
                    replace(old, value);
                } else if (!value.isEmpty()) {
                    addMember(entry, field, value);
                } else if (old != null && repins && !"newName".equals(field)) {
                    removeMember(entry, field);
                }
            }
        }

        private void addMember(Node entry, String field, String value) {
            if (entry.style() == Node.Style.FLOW) {
                insertFlow(entry, quoted(field) + ": " + quoted(value));
                return;
            }
            Node last = entry.item(entry.size() - 1);
            int at = Math.max(last.line(), entry.keyNode(entry.size() - 1).line());
            lines.add(at, " ".repeat(entry.column() - 1) + field + ": " + plain(value));
            shift(at, 1);
        }

        private void removeMember(Node entry, String field) {
            int at = entry.indexOf(field);
            Node key = entry.keyNode(at);
            if (entry.style() == Node.Style.FLOW || key.line() == entry.line()) {
                replace(entry.item(at), "");
                return;
            }
            lines.remove(key.line() - 1);
            shift(key.line(), -1);
        }

        private void shift(int after, int by) {
            shift(root, after, by);
        }

        private static void shift(Node node, int after, int by) {
            if (node.line() > after) {
                node.at(node.line() + by, node.column());
            }
            for (int i = 0; i < node.size(); i++) {
                if (node.isMap()) {
                    shift(node.keyNode(i), after, by);
                }
                shift(node.item(i), after, by);
            }
        }

        /** Puts a text in the place of a scalar on its line. */
        private void replace(Node scalar, String value) {
            if (!scalar.isScalar() || scalar.style() == Node.Style.LITERAL || scalar.style() == Node.Style.FOLDED) {
                throw new BuildFault("EDIT", "the value is no text on one line").at(NAME, scalar);
            }
            String line = lines.get(scalar.line() - 1);
            int from = scalar.column() - 1;
            int to = end(line, from, scalar);
            String text = scalar.style() == Node.Style.PLAIN ? plain(value) : quoted(value);
            lines.set(
                    scalar.line() - 1,
                    line.substring(0, from) + (value.isEmpty() ? "\"\"" : text) + line.substring(to));
        }

        private static int end(String line, int from, Node scalar) {
            if (scalar.style() == Node.Style.DOUBLE || scalar.style() == Node.Style.SINGLE) {
                char quote = scalar.style() == Node.Style.DOUBLE ? '"' : '\'';
                int at = from + 1;
                while (at < line.length() && line.charAt(at) != quote) {
                    at += quote == '"' && line.charAt(at) == '\\' ? 2 : 1;
                }
                return Math.min(at + 1, line.length());
            }
            return Math.min(from + scalar.text().length(), line.length());
        }

        /** Inserts before the bracket that closes a flow collection. */
        private void insertFlow(Node collection, String text) {
            int line = collection.line() - 1;
            int column = collection.column() - 1;
            int depth = 0;
            char quote = 0;
            for (int i = line; i < lines.size(); i++) {
                String at = lines.get(i);
                for (int c = i == line ? column : 0; c < at.length(); c++) {
                    char ch = at.charAt(c);
                    if (quote != 0) {
                        c += quote == '"' && ch == '\\' ? 1 : 0;
                        quote = ch == quote ? 0 : quote;
                    } else if (ch == '"' || ch == '\'') {
                        quote = ch;
                    } else if (ch == '{' || ch == '[') {
                        depth++;
                    } else if ((ch == '}' || ch == ']') && --depth == 0) {
                        insertFlow(i, c, collection.size() > 0, text);
                        return;
                    }
                }
            }
            throw new BuildFault("EDIT", "the collection does not end").at(NAME, collection);
        }

        private void insertFlow(int line, int column, boolean comma, String text) {
            String at = lines.get(line);
            String before = at.substring(0, column);
            if (before.isBlank() && line > 0) {
                String previous = lines.get(line - 1);
                String indent = previous.substring(
                        0, previous.length() - previous.stripLeading().length());
                lines.set(line - 1, previous + (comma ? "," : ""));
                lines.add(line, indent + text);
                return;
            }
            lines.set(line, before + (comma ? ", " : "") + text + at.substring(column));
        }

        private static String quoted(String text) {
            StringBuilder out = new StringBuilder();
            io.gitops4j.json.JsonString.quote(text, out);
            return out.toString();
        }

        /** The text as block style writes it. */
        private static String plain(String text) {
            String yaml = io.gitops4j.codec.YamlWriter.write(io.gitops4j.json.Json.of(text))
                    .strip();
            return yaml.indexOf('\n') < 0 ? yaml : quoted(text);
        }
    }
}
