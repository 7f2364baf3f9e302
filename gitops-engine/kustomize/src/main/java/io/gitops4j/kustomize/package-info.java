/**
 * {@code kustomize build} for the JVM. Start with {@link io.gitops4j.kustomize.Kustomize}; what a file says is a
 * {@link io.gitops4j.kustomize.Kustomization}. Source: the kustomize v5.8 command. Nothing here reads a disk, runs a process or
 * opens a connection: files come from a {@link io.gitops4j.source.SourceTree}, repositories through the SPI.
 */
@NullMarked
package io.gitops4j.kustomize;

import org.jspecify.annotations.NullMarked;
