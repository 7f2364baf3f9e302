/** The command line. Start with {@link io.gitops4j.cli.GitOpsCli}. */
@NullMarked
package io.gitops4j.cli;

import org.jspecify.annotations.NullMarked;
