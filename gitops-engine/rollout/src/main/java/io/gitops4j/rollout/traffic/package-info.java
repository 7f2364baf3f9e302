/**
 * Traffic routers as transformations of their own objects: weights in, HTTPRoute, VirtualService, Ingress, TrafficSplit or
 * TraefikService out. Nothing here talks to a cluster. Start reading at {@link io.gitops4j.rollout.traffic.TrafficRouter}.
 */
@NullMarked
package io.gitops4j.rollout.traffic;

import org.jspecify.annotations.NullMarked;
