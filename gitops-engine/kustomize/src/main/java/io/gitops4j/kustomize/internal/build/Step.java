package io.gitops4j.kustomize.internal.build;

import io.gitops4j.kustomize.internal.resource.Touch;
import io.gitops4j.kustomize.internal.transform.Transformer;

/**
 * One transformer of a layer, ready to run.
 *
 * @param field field of the kustomization file that asks for it
 * @param entry index of the entry in that field, -1 for the field as a whole
 * @param touch what is noted on every resource that it runs over
 * @param transformer the transformer
 */
record Step(String field, int entry, Touch touch, Transformer transformer) {}
