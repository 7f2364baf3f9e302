/**
 * Simple controllers, so that workloads move: Deployments make ReplicaSets, ReplicaSets make Pods, Pods start, become ready and
 * end, Services get endpoints. All of it happens under virtual time. Start with
 * {@link io.gitops4j.testkit.controllers.Workloads}.
 */
@NullMarked
package io.gitops4j.testkit.controllers;

import org.jspecify.annotations.NullMarked;
