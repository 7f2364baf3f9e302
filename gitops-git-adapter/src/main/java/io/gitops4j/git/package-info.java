/**
 * The Git SPI over JGit. Start with {@link io.gitops4j.git.JGitAccess}; files are read from the object database, no work tree
 * is ever made.
 */
@NullMarked
package io.gitops4j.git;

import org.jspecify.annotations.NullMarked;
