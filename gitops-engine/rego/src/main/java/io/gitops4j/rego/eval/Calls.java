package io.gitops4j.rego.eval;

import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.builtin.Builtin;
import io.gitops4j.rego.builtin.BuiltinException;
import io.gitops4j.rego.value.ArrayValue;
import io.gitops4j.rego.value.BoolValue;
import io.gitops4j.rego.value.NumberValue;
import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.SetValue;
import io.gitops4j.rego.value.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Calls of functions, builtins and operators. */
final class Calls {
    private Calls() {}

    /** A builtin as what a call runs. */
    record BuiltinTarget(Builtin builtin) implements CallTarget {
        @Override
        public @Nullable Value call(Scope scope, Value[] args, Location location) {
            Run run = scope.run;
            run.step();
            try {
                return builtin.function().call(run, args);
            } catch (BuiltinException e) {
                run.failed(builtin.name(), e, location);
                return null;
            } catch (ArithmeticException e) {
                run.failed(builtin.name(), BuiltinException.of(String.valueOf(e.getMessage())), location);
                return null;
            }
        }
    }

    /** A call. */
    static final class Invoke extends ValueNode {
        private final String name;
        private final CallTarget target;
        private final ValueNode[] args;
        private final Location location;

        Invoke(String name, CallTarget target, ValueNode[] args, Location location) {
            this.name = name;
            this.target = target;
            this.args = args;
            this.location = location;
        }

        @Override
        @Nullable
        Value eval(Frame frame) {
            Value[] values = new Value[args.length];
            for (int i = 0; i < args.length; i++) {
                Value value = args[i].eval(frame);
                if (value == null) {
                    return null;
                }
                values[i] = value;
            }
            Scope scope = frame.scope;
            if (scope.mocks != null) {
                return mocked(scope, values);
            }
            return target.call(scope, values, location);
        }

        private @Nullable Value mocked(Scope scope, Value[] values) {
            Scope.Mock mock = scope.mock(name);
            if (mock == null) {
                return target.call(scope, values, location);
            }
            CallTarget stand = mock.function();
            return stand == null ? mock.value() : stand.call(scope.withoutMocks(), values, location);
        }
    }

    /** A comparison operator. */
    enum Comparison {
        EQUAL,
        NOT_EQUAL,
        LESS,
        LESS_OR_EQUAL,
        GREATER,
        GREATER_OR_EQUAL
    }

    /** A comparison. */
    static final class Compare extends ValueNode {
        private final Comparison operator;
        private final ValueNode left;
        private final ValueNode right;

        Compare(Comparison operator, ValueNode left, ValueNode right) {
            this.operator = operator;
            this.left = left;
            this.right = right;
        }

        @Override
        @Nullable
        Value eval(Frame frame) {
            Value a = left.eval(frame);
            Value b = a == null ? null : right.eval(frame);
            return a == null || b == null ? null : BoolValue.of(holds(a, b));
        }

        @Override
        boolean test(Frame frame) {
            Value a = left.eval(frame);
            Value b = a == null ? null : right.eval(frame);
            return a != null && b != null && holds(a, b);
        }

        private boolean holds(Value a, Value b) {
            return switch (operator) {
                case EQUAL -> a.equals(b);
                case NOT_EQUAL -> !a.equals(b);
                case LESS -> a.compareTo(b) < 0;
                case LESS_OR_EQUAL -> a.compareTo(b) <= 0;
                case GREATER -> a.compareTo(b) > 0;
                case GREATER_OR_EQUAL -> a.compareTo(b) >= 0;
            };
        }
    }

    /** {@code x in xs} and {@code k, v in xs}. */
    static final class Contains extends ValueNode {
        private final @Nullable ValueNode key;
        private final ValueNode value;
        private final ValueNode collection;

        Contains(@Nullable ValueNode key, ValueNode value, ValueNode collection) {
            this.key = key;
            this.value = value;
            this.collection = collection;
        }

        @Override
        @Nullable
        Value eval(Frame frame) {
            Value at = key == null ? null : key.eval(frame);
            Value member = value.eval(frame);
            Value all = collection.eval(frame);
            if (member == null || all == null || (key != null && at == null)) {
                return null;
            }
            return BoolValue.of(at == null ? contains(all, member) : member.equals(entry(all, at)));
        }

        private static @Nullable Value entry(Value all, Value at) {
            return all.isCollection() ? all.get(at) : null;
        }

        private static boolean contains(Value all, Value member) {
            if (all instanceof SetValue set) {
                return set.contains(member);
            }
            if (all instanceof ArrayValue array) {
                for (int i = 0; i < array.size(); i++) {
                    if (array.at(i).equals(member)) {
                        return true;
                    }
                }
            } else if (all instanceof ObjectValue object) {
                for (int i = 0; i < object.size(); i++) {
                    if (object.valueAt(i).equals(member)) {
                        return true;
                    }
                }
            }
            return false;
        }
    }

    /** {@code print}: succeeds always, whatever its arguments. */
    static final class Print extends ValueNode {
        private final ValueNode[] args;
        private final boolean eachASet;
        private final Location location;

        Print(ValueNode[] args, boolean eachASet, Location location) {
            this.args = args;
            this.eachASet = eachASet;
            this.location = location;
        }

        @Override
        Value eval(Frame frame) {
            Run run = frame.scope.run;
            if (run.settings.print() != null) {
                List<String> lines = new ArrayList<>(List.of(""));
                for (int i = 0; i < args.length; i++) {
                    lines = extended(lines, args[i].eval(frame), i == 0 ? "" : " ");
                }
                for (String line : lines) {
                    run.settings.print().accept(location.fileAndRow() + ": " + line);
                }
            }
            return BoolValue.TRUE;
        }

        private List<String> extended(List<String> lines, @Nullable Value value, String separator) {
            List<String> choices = new ArrayList<>();
            if (value == null || (eachASet && value.size() == 0)) {
                choices.add("<undefined>");
            } else if (eachASet && value instanceof SetValue set) {
                for (Value member : set.sorted()) {
                    choices.add(member.display());
                }
            } else {
                choices.add(value.display());
            }
            List<String> out = new ArrayList<>();
            for (String line : lines) {
                for (String choice : choices) {
                    out.add(line + separator + choice);
                }
            }
            return out;
        }
    }

    /** {@code trace}: tells the listener. */
    static final class Note extends ValueNode {
        private final ValueNode text;
        private final Location location;

        Note(ValueNode text, Location location) {
            this.text = text;
            this.location = location;
        }

        @Override
        @Nullable
        Value eval(Frame frame) {
            Value note = text.eval(frame);
            Run run = frame.scope.run;
            if (note != null && run.listener != null) {
                run.listener.on(EvalListener.Event.NOTE, note.display(), location, run.depth);
            }
            return note == null ? null : BoolValue.TRUE;
        }
    }

    /** {@code walk}: every node below a value with its path, itself first. */
    static final class Walk extends StmtNode {
        private final ValueNode root;
        private final int path;
        private final int value;
        private final @Nullable ValueNode only;

        Walk(ValueNode root, int path, int value, @Nullable ValueNode only) {
            this.root = root;
            this.path = path;
            this.value = value;
            this.only = only;
        }

        @Override
        boolean exec(Frame frame) {
            Value at = root.eval(frame);
            if (at == null) {
                return false;
            }
            if (only != null) {
                return single(frame, at);
            }
            return visit(frame, at, path >= 0 ? ArrayValue.empty() : null);
        }

        private boolean single(Frame frame, Value from) {
            if (!(only != null && only.eval(frame) instanceof ArrayValue keys)) {
                return false;
            }
            Value at = from;
            for (int i = 0; i < keys.size(); i++) {
                at = at.get(keys.at(i));
                if (at == null) {
                    return false;
                }
            }
            if (value >= 0) {
                frame.slots[value] = at;
            }
            return next.exec(frame);
        }

        private boolean visit(Frame frame, Value at, @Nullable ArrayValue keys) {
            frame.scope.run.step();
            if (path >= 0) {
                frame.slots[path] = keys;
            }
            if (value >= 0) {
                frame.slots[value] = at;
            }
            if (next.exec(frame)) {
                return true;
            }
            if (at instanceof ObjectValue object) {
                for (int position : object.order()) {
                    if (visit(frame, object.valueAt(position), longer(keys, object.keyAt(position)))) {
                        return true;
                    }
                }
            } else if (at instanceof ArrayValue array) {
                for (int i = 0; i < array.size(); i++) {
                    if (visit(frame, array.at(i), keys == null ? null : longer(keys, NumberValue.of(i)))) {
                        return true;
                    }
                }
            } else if (at instanceof SetValue set) {
                for (Value member : set.sorted()) {
                    if (visit(frame, member, longer(keys, member))) {
                        return true;
                    }
                }
            }
            return false;
        }

        private static @Nullable ArrayValue longer(@Nullable ArrayValue keys, Value key) {
            if (keys == null) {
                return null;
            }
            Value[] items = java.util.Arrays.copyOf(keys.toArray(), keys.size() + 1);
            items[keys.size()] = key;
            return ArrayValue.of(items);
        }
    }
}
