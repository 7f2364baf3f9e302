package io.gitops4j.gotemplate;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement of a template. */
interface Node {

    /** How a statement ends. */
    enum Flow {
        NEXT,
        BREAK,
        CONTINUE
    }

    Flow run(Run run);

    /** Runs statements in order until one leaves the loop. */
    static Flow all(List<Node> nodes, Run run) {
        for (Node node : nodes) {
            Flow flow = node.run(run);
            if (flow != Flow.NEXT) {
                return flow;
            }
        }
        return Flow.NEXT;
    }

    /** Text outside actions. */
    record Text(String text) implements Node {
        @Override
        public Flow run(Run run) {
            run.write(text);
            return Flow.NEXT;
        }
    }

    /** An action that prints, unless it declares a variable. */
    record Print(Pipeline pipeline) implements Node {
        @Override
        public Flow run(Run run) {
            Object value = pipeline.eval(run);
            if (pipeline.variables().isEmpty()) {
                run.write(GoValues.shown(value));
            }
            return Flow.NEXT;
        }
    }

    /** {@code if} and {@code with}. */
    record Branch(Pipeline condition, List<Node> then, List<Node> otherwise, boolean moves) implements Node {
        @Override
        public Flow run(Run run) {
            int mark = run.mark();
            Object value = condition.eval(run);
            Flow flow;
            if (GoValues.truth(value)) {
                flow = moves ? run.withDot(value, then) : all(then, run);
            } else {
                flow = all(otherwise, run);
            }
            run.release(mark);
            return flow;
        }
    }

    /** {@code range}. */
    record Range(Pipeline over, List<Node> body, List<Node> otherwise) implements Node {
        @Override
        public Flow run(Run run) {
            int mark = run.mark();
            Pipeline plain = new Pipeline(List.of(), false, over.commands());
            List<Object[]> items = GoValues.items(plain.eval(run));
            for (Object[] item : items) {
                int inner = run.mark();
                List<String> names = over.variables();
                if (names.size() == 1) {
                    run.bind(names.get(0), item[1], over.assigns());
                } else if (names.size() == 2) {
                    run.bind(names.get(0), item[0], over.assigns());
                    run.bind(names.get(1), item[1], over.assigns());
                }
                Flow flow = run.withDot(item[1], body);
                run.release(inner);
                if (flow == Flow.BREAK) {
                    break;
                }
            }
            Flow flow = items.isEmpty() ? all(otherwise, run) : Flow.NEXT;
            run.release(mark);
            return flow;
        }
    }

    /** {@code template}. */
    record Call(String name, @Nullable Pipeline argument) implements Node {
        @Override
        public Flow run(Run run) {
            run.call(name, argument == null ? GoNil.NIL : argument.eval(run));
            return Flow.NEXT;
        }
    }

    /** {@code break} and {@code continue}. */
    record Leave(Flow flow) implements Node {
        @Override
        public Flow run(Run run) {
            return flow;
        }
    }
}
