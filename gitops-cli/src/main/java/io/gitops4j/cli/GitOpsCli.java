package io.gitops4j.cli;

import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.ProblemException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program {@code gitops}: one subcommand a job. Exit codes: 0 done, 1 differences or failures found, 20 error. */
@Command(
        name = "gitops",
        mixinStandardHelpOptions = true,
        version = "gitops4j 0.1.0",
        description = "Renders, plans, syncs and watches GitOps repositories.",
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:differences or failures found", "2:wrong call", "20:error"},
        subcommands = {
            DemoCommand.class,
            BuildCommand.class,
            EditCommand.class,
            RenderCommand.class,
            PlanCommand.class,
            DiffCommand.class,
            SyncCommand.class,
            AppCommand.class,
            AppSetCommand.class,
            RegoCommand.class,
            PolicyCommand.class,
            SecretCommand.class,
            RolloutCommand.class,
            ClusterCommand.class,
            RecoverCommand.class,
            PreviewCommand.class,
            CommandLine.HelpCommand.class,
            AutoComplete.GenerateCompletion.class
        })
public final class GitOpsCli implements Runnable {
    /** What every command answers when it could not do its work. */
    static final int ERROR = 20;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    /** Runs the program and exits with its code. */
    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(new Utf8Writer(new FileOutputStream(FileDescriptor.out)));
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int code = run(out, err, args);
        out.flush();
        System.exit(code);
    }

    /** Runs the program over the given streams; answers the exit code. */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        CommandLine commandLine = new CommandLine(new GitOpsCli())
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    explain(failure, command.getErr());
                    return ERROR;
                });
        return commandLine.execute(args);
    }

    private static void explain(Exception failure, PrintWriter err) {
        if (failure instanceof ProblemException problems) {
            problems.problems().forEach(problem -> err.print(problem.display()));
        } else if (failure instanceof GitOpsException outside) {
            err.println("error: " + outside.getMessage() + " [" + outside.code() + "]");
        } else if (failure instanceof NoSuchFileException missing) {
            err.println("error: there is no file " + missing.getFile() + " [NOT_FOUND]");
        } else if (failure instanceof IOException io) {
            err.println("error: cannot read or write: " + io.getMessage() + " [IO]");
        } else {
            err.println("error: " + failure + " [BUG]");
            err.println("  hint: this is a defect of gitops4j; please report the command and this line");
        }
        err.flush();
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
