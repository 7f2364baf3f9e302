package io.gitops4j.policy.gatekeeper;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import io.gitops4j.rego.CompiledRego;
import io.gitops4j.rego.HostBuiltin;
import io.gitops4j.rego.Rego;
import io.gitops4j.rego.RegoError;
import io.gitops4j.rego.RegoException;
import io.gitops4j.rego.RegoModule;
import io.gitops4j.rego.RegoOptions;
import io.gitops4j.rego.RegoQuery;
import io.gitops4j.rego.ast.Import;
import io.gitops4j.rego.ast.Module;
import io.gitops4j.rego.ast.RegoVersion;
import io.gitops4j.rego.ast.Rule;
import io.gitops4j.rego.ast.StringTerm;
import io.gitops4j.rego.ast.Term;
import io.gitops4j.rego.eval.EvalSettings;
import io.gitops4j.rego.syntax.ParseOptions;
import io.gitops4j.rego.syntax.Parser;
import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.SetValue;
import io.gitops4j.rego.value.Value;
import java.util.ArrayList;
import java.util.List;

/** The Rego of a template: checked as Gatekeeper checks it, compiled once. Source: rego §2.1, §2.2. */
final class RegoCode implements TemplateCode {
    private final RegoQuery query;
    private final EvalSettings settings;
    private final CodePlaces places;

    private RegoCode(RegoQuery query, Limits limits, CodePlaces places) {
        this.query = query;
        this.settings = EvalSettings.defaults().limits(limits);
        this.places = places;
    }

    /**
     * @param places of the code, for what fails when it runs
     * @param builtins of the host
     * @param denyHeads whether a rule {@code deny[msg]} stands in for a missing {@code violation}
     */
    static Outcome<RegoCode> compile(
            ConstraintTemplate template,
            CodePlaces places,
            boolean denyHeads,
            Limits limits,
            List<HostBuiltin> builtins) {
        JsonObject source = template.rego();
        boolean v1 = source.text("version", "").equals("v1");
        RegoOptions options = RegoOptions.gatekeeper()
                .version(v1 ? RegoVersion.V1 : RegoVersion.V0)
                .limits(limits)
                .builtins(builtins);
        List<RegoModule> modules = new ArrayList<>();
        String main = ConstraintTemplate.moduleName(template.name(), -1);
        modules.add(new RegoModule(main, source.text("rego", "")));
        int number = 0;
        for (Json lib : source.array("libs")) {
            String text = lib.textOrNull();
            modules.add(
                    new RegoModule(ConstraintTemplate.moduleName(template.name(), number++), text == null ? "" : text));
        }
        ParseOptions parsing = (v1 ? ParseOptions.v1() : ParseOptions.v0())
                .withOpa(options.opa())
                .withLimits(limits);
        Outcome<Module> parsed = Parser.parseModule(main, source.text("rego", ""), parsing);
        Module module = parsed.orNull();
        if (module == null) {
            return refused(template, "invalid rego: " + parsed.errors().get(0).text(), parsed.errors());
        }
        List<Problem> warnings = new ArrayList<>();
        String rule = "violation";
        if (!defines(module, rule)) {
            if (!denyHeads || !defines(module, "deny")) {
                return refused(
                        template, "invalid rego: invalid module: missing required rules: [violation]", List.of());
            }
            rule = "deny";
            warnings.add(Problem.warning(
                            "TEMPLATE_DENY_HEAD",
                            "template " + template.name() + " says deny[msg], which Gatekeeper refuses")
                    .at(module.packageRef().location().where())
                    .hint("write the head as violation[{\"msg\": msg}]"));
        }
        for (Import imported : module.imports()) {
            String path = imported.path().toString();
            if (!path.startsWith("data.lib.") && !path.equals("data.lib") && !path.startsWith("future.")) {
                return refused(template, "invalid rego: invalid import: bad import", List.of());
            }
        }
        List<Term> foreign = RegoReferences.disallowed(module);
        if (!foreign.isEmpty()) {
            return refused(
                    template,
                    "invalid rego: invalid data references: check refs failed on module {template}: errors ("
                            + foreign.size() + "): disallowed ref " + foreign.get(0),
                    foreign.stream()
                            .map(ref -> Problem.error(
                                            "TEMPLATE_INVALID",
                                            "a template may refer to data.inventory and data.lib, not to " + ref)
                                    .at(ref.location().where()))
                            .toList());
        }
        Term silent = rule.equals("violation") ? RegoReferences.withoutMessage(module) : null;
        if (silent != null) {
            return refused(
                    template,
                    "unable to compile modules: rego_type_error: undefined ref: r.msg",
                    List.of(Problem.error(
                                    "TEMPLATE_INVALID", "a violation must be an object with a msg, this is " + silent)
                            .at(silent.location().where())
                            .hint("write the head as violation[{\"msg\": msg}]")));
        }
        String reference = module.packageRef() + "." + rule;
        return Rego.compile(modules, options)
                .then(compiled -> query(compiled, reference))
                .map(query -> new RegoCode(query, limits, places))
                .then(code -> Outcome.of(code, warnings));
    }

    private static Outcome<RegoQuery> query(CompiledRego compiled, String reference) {
        return compiled.query(reference);
    }

    private static boolean defines(Module module, String name) {
        int depth = module.packageRef().size();
        for (Rule rule : module.rules()) {
            if (rule.ref().size() > depth
                    && rule.ref().get(depth) instanceof StringTerm text
                    && text.value().equals(name)) {
                return true;
            }
            if (rule.ref().size() == 1 && rule.ref().head().toString().equals(name)) {
                return true;
            }
        }
        return false;
    }

    private static <T> Outcome<T> refused(ConstraintTemplate template, String why, List<Problem> causes) {
        List<Problem> problems = new ArrayList<>();
        problems.add(Problem.error(
                "TEMPLATE_INVALID", "adding template: invalid ConstraintTemplate: " + template.name() + ": " + why));
        problems.addAll(causes);
        return Outcome.failed(problems);
    }

    @Override
    public List<Found> violations(Review review, Constraint constraint, Value inventory) {
        Value input = ObjectValue.builder()
                .put(Value.of(Json.of("review")), review.value())
                .put(Value.of(Json.of("parameters")), constraint.parametersValue())
                .build();
        Value data = ObjectValue.of("inventory", inventory);
        Value result;
        try {
            result = query.value(input, data, settings);
        } catch (RegoException e) {
            return List.of(Found.failure(said(e.error())));
        }
        List<Found> found = new ArrayList<>();
        if (result instanceof SetValue set) {
            for (Value member : set.sorted()) {
                add(member.toJson(), found);
            }
        } else if (result instanceof ObjectValue object) {
            for (int position : object.order()) {
                add(object.keyAt(position).toJson(), found);
            }
        }
        return found;
    }

    /** The error as OPA prints it, at its place in the file of the template where that is known. */
    private String said(RegoError error) {
        Where place = places.known() ? places.of(error.where()) : Where.nowhere();
        int rest = error.text().indexOf(error.code() + ": ");
        return place.line() == 0 || rest < 0
                ? error.text()
                : place.place() + ": " + error.text().substring(rest);
    }

    private static void add(Json member, List<Found> found) {
        if (member.textOrNull() != null) {
            found.add(new Found(String.valueOf(member.textOrNull()), JsonObject.empty()));
        } else if (member instanceof JsonObject object) {
            Json message = object.get("msg");
            String text = message == null ? null : message.textOrNull();
            if (text != null) {
                found.add(new Found(text, object.object("details")));
            } else if (message != null) {
                found.add(Found.failure("the msg of a violation must be a string, it is " + message.toJson()));
            }
        }
    }
}
