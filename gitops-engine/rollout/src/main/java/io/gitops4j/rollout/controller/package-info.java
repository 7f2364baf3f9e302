/**
 * The engine on a cluster: reads a Rollout's objects through the cluster SPI, steps the machine, carries its actions out and
 * stores the status, in the fields and annotations that Argo's own tools read. No threads, no clock: the caller says when.
 * Start reading at {@link io.gitops4j.rollout.controller.RolloutController}.
 */
@NullMarked
package io.gitops4j.rollout.controller;

import org.jspecify.annotations.NullMarked;
