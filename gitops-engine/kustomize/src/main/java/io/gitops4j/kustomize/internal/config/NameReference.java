package io.gitops4j.kustomize.internal.config;

import io.gitops4j.manifest.Gvk;

/**
 * Fields that hold the name of an object of one kind.
 *
 * @param target kind that is referred to; blank parts match anything
 * @param referrers fields that refer to it
 */
public record NameReference(Gvk target, FieldSpecs referrers) {}
