package io.gitops4j.cli;

import io.gitops4j.recovery.snapshot.VerifyResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Checks a store. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = "Checks signatures, chain and content of all snapshots. Exits with 1 unless all is OK.",
        footer = {"", "Example:", "  gitops recover verify --store backups --trust signer.pub --seen newest.json"})
final class RecoverVerifyCommand implements Callable<Integer> {
    @Mixin
    private SnapshotOptions snapshots = new SnapshotOptions();

    @Option(names = "--json", description = "For machines.")
    private boolean json;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        VerifyResult result = snapshots.chain().verify();
        out.println(json ? result.toJson().toJson() : result.toString());
        out.flush();
        if (result.ok() && result.head().isPresent()) {
            snapshots.remember(result.head().get());
        }
        return result.ok() ? 0 : 1;
    }
}
