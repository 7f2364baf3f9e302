package io.gitops4j.kustomize.internal.build;

import io.gitops4j.json.JsonObject;
import io.gitops4j.kustomize.internal.BuildFault;
import io.gitops4j.kustomize.internal.generate.Absorber;
import io.gitops4j.kustomize.internal.generate.MapGenerator;
import io.gitops4j.kustomize.internal.resource.Resource;
import io.gitops4j.kustomize.internal.resource.Source;
import io.gitops4j.kustomize.internal.tree.Node;
import java.util.List;

/** Runs the generators of a layer: config maps, secrets, charts, then plugins by configuration. */
final class Generators {
    private Generators() {}

    static void run(Layer layer, Accumulator into) {
        maps(layer, into, "configMapGenerator", false);
        maps(layer, into, "secretGenerator", true);
        HelmCharts.run(layer, into);
        Plugins.generate(layer, into);
    }

    private static void maps(Layer layer, Accumulator into, String field, boolean secret) {
        List<JsonObject> entries = layer.model().entries(field);
        JsonObject common = layer.model().fields().object("generatorOptions");
        for (int i = 0; i < entries.size(); i++) {
            try {
                JsonObject entry = entries.get(i);
                Source source = generated(layer, secret ? "SecretGenerator" : "ConfigMapGenerator");
                Absorber.absorb(into.resources(), make(layer, secret, entry, common, source));
            } catch (BuildFault e) {
                throw e.at(layer.file(), layer.kustomizationFile().place(field, i));
            }
        }
    }

    /** The resource of a generator's arguments. */
    static Resource make(Layer layer, boolean secret, JsonObject args, JsonObject common, Source source) {
        MapGenerator generator = new MapGenerator(secret, args, common, layer.root()::load);
        layer.build().count(1);
        Resource resource = new Resource(generator.make(), source, layer.build());
        resource.setBehavior(args.text("behavior", ""));
        if (generator.needsHash()) {
            resource.setNeedsHash(true);
        }
        layer.build().history().first(resource);
        return resource;
    }

    /** The source of what a built-in generator of a layer makes. */
    static Source generated(Layer layer, String kind) {
        return new Source(
                layer.file(),
                0,
                layer.root().files().repo(),
                layer.root().files().ref(),
                "apiVersion: builtin\nkind: " + kind + "\n");
    }

    /** A resource that a plugin made. */
    static Resource made(Layer layer, Node node, Source source) {
        layer.build().count(1);
        return new Resource(node, source, layer.build());
    }
}
