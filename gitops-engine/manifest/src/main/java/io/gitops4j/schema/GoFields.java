package io.gitops4j.schema;

import java.util.Set;

/**
 * What a schema does not tell about the Go types behind it: which scalars are held by value and left out when zero, which
 * strings are pointers and kept when empty, which fields hold bytes. Names are {@code Type.field}.
 */
final class GoFields {
    private static final Set<String> ZERO_LEFT_OUT = Set.of(
            "PodSpec.hostNetwork",
            "PodSpec.hostPID",
            "PodSpec.hostIPC",
            "Container.stdin",
            "Container.stdinOnce",
            "Container.tty",
            "EphemeralContainer.stdin",
            "EphemeralContainer.stdinOnce",
            "EphemeralContainer.tty",
            "VolumeMount.readOnly",
            "PersistentVolumeClaimVolumeSource.readOnly",
            "NFSVolumeSource.readOnly",
            "GCEPersistentDiskVolumeSource.readOnly",
            "GCEPersistentDiskVolumeSource.partition",
            "AWSElasticBlockStoreVolumeSource.readOnly",
            "AWSElasticBlockStoreVolumeSource.partition",
            "ISCSIVolumeSource.readOnly",
            "ISCSIVolumeSource.chapAuthDiscovery",
            "ISCSIVolumeSource.chapAuthSession",
            "CephFSVolumeSource.readOnly",
            "RBDVolumeSource.readOnly",
            "GlusterfsVolumeSource.readOnly",
            "FCVolumeSource.readOnly",
            "FlexVolumeSource.readOnly",
            "CinderVolumeSource.readOnly",
            "PortworxVolumeSource.readOnly",
            "StorageOSVolumeSource.readOnly",
            "ScaleIOVolumeSource.readOnly",
            "ScaleIOVolumeSource.sslEnabled",
            "AzureFileVolumeSource.readOnly",
            "QuobyteVolumeSource.readOnly",
            "CSIPersistentVolumeSource.readOnly",
            "ContainerPort.hostPort",
            "ServicePort.nodePort",
            "ServiceSpec.healthCheckNodePort",
            "ServiceSpec.publishNotReadyAddresses",
            "NodeSpec.unschedulable",
            "Probe.initialDelaySeconds",
            "Probe.timeoutSeconds",
            "Probe.periodSeconds",
            "Probe.successThreshold",
            "Probe.failureThreshold",
            "DeploymentSpec.minReadySeconds",
            "DeploymentSpec.paused",
            "DaemonSetSpec.minReadySeconds",
            "ReplicaSetSpec.minReadySeconds",
            "StatefulSetSpec.minReadySeconds",
            "ReplicationControllerSpec.minReadySeconds",
            "ObjectMeta.generation",
            "Event.count",
            "PriorityClass.globalDefault",
            "CustomResourceDefinitionSpec.preserveUnknownFields",
            "JSONSchemaProps.exclusiveMaximum",
            "JSONSchemaProps.exclusiveMinimum",
            "JSONSchemaProps.uniqueItems",
            "JSONSchemaProps.nullable",
            "JSONSchemaProps.x-kubernetes-embedded-resource",
            "JSONSchemaProps.x-kubernetes-int-or-string",
            "CustomResourceColumnDefinition.priority",
            "APIServiceSpec.insecureSkipTLSVerify");

    private static final Set<String> KEPT_EMPTY = Set.of(
            "PersistentVolumeClaimSpec.storageClassName",
            "PersistentVolumeClaimSpec.volumeMode",
            "PersistentVolumeClaimSpec.volumeAttributesClassName",
            "PersistentVolumeSpec.volumeMode",
            "PersistentVolumeSpec.volumeAttributesClassName",
            "HostPathVolumeSource.type",
            "IngressSpec.ingressClassName",
            "HTTPIngressPath.pathType",
            "ServiceSpec.ipFamilyPolicy",
            "ServiceSpec.internalTrafficPolicy",
            "ServiceSpec.loadBalancerClass",
            "ServiceSpec.trafficDistribution",
            "ServicePort.appProtocol",
            "EndpointPort.appProtocol",
            "EndpointPort.name",
            "EndpointAddress.nodeName",
            "PodSpec.runtimeClassName",
            "PodSpec.preemptionPolicy",
            "PodSpec.hostnameOverride",
            "VolumeMount.mountPropagation",
            "VolumeMount.recursiveReadOnly",
            "SecurityContext.procMount",
            "PodDNSConfigOption.value",
            "GRPCAction.service",
            "JobSpec.completionMode",
            "JobSpec.podReplacementPolicy",
            "JobSpec.managedBy",
            "CronJobSpec.timeZone",
            "TypedLocalObjectReference.apiGroup",
            "TypedObjectReference.apiGroup",
            "LeaseSpec.holderIdentity");

    private static final Set<String> BYTES = Set.of(
            "Secret.data",
            "ConfigMap.binaryData",
            "WebhookClientConfig.caBundle",
            "APIServiceSpec.caBundle",
            "CertificateSigningRequestSpec.request",
            "CertificateSigningRequestStatus.certificate");

    private static final Set<String> REQUIRED_LISTS = Set.of(
            "PodSpec.containers",
            "Role.rules",
            "ClusterRole.rules",
            "PolicyRule.verbs",
            "CustomResourceDefinitionSpec.versions",
            "EndpointSlice.endpoints",
            "EndpointSlice.ports",
            "Endpoint.addresses",
            "NodeSelector.nodeSelectorTerms",
            "HTTPIngressRuleValue.paths");

    private GoFields() {}

    /** Whether a number or boolean that is zero is left out. */
    static boolean zeroLeftOut(String type, String field) {
        return ZERO_LEFT_OUT.contains(type + "." + field);
    }

    /** Whether a string that is empty is kept. */
    static boolean keptEmpty(String type, String field) {
        return KEPT_EMPTY.contains(type + "." + field);
    }

    /** Whether strings of the field are base64 of bytes. */
    static boolean bytes(String type, String field) {
        return BYTES.contains(type + "." + field);
    }

    /** Whether a list is written although it is null or empty. */
    static boolean requiredList(String type, String field) {
        return REQUIRED_LISTS.contains(type + "." + field);
    }
}
