package io.gitops4j.testkit.apiserver;

import io.gitops4j.testkit.apiserver.ResourceType.Trait;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The kinds that a server of version 1.36 serves by default. One line a kind: group/versions, the stored one first, kind, plural, short names, scope
 * ({@code N}amespaced or {@code C}luster) and habits (see {@link #traits}).
 */
final class BuiltinTypes {
    private static final String TABLE = """
            v1 Binding bindings - N v
            v1 ConfigMap configmaps cm N -
            v1 Endpoints endpoints ep N p
            v1 Event events ev N p
            v1 LimitRange limitranges limits N -
            v1 Namespace namespaces ns C so
            v1 Node nodes no C s
            v1 PersistentVolumeClaim persistentvolumeclaims pvc N so
            v1 PersistentVolume persistentvolumes pv C so
            v1 Pod pods po N gso@
            v1 PodTemplate podtemplates - N go
            v1 ReplicationController replicationcontrollers rc N gsc@
            v1 ResourceQuota resourcequotas quota N so
            v1 Secret secrets - N -
            v1 ServiceAccount serviceaccounts sa N o
            v1 Service services svc N so@
            admissionregistration.k8s.io/v1 MutatingAdmissionPolicy mutatingadmissionpolicies - C gu
            admissionregistration.k8s.io/v1 MutatingAdmissionPolicyBinding mutatingadmissionpolicybindings - C gu
            admissionregistration.k8s.io/v1 MutatingWebhookConfiguration mutatingwebhookconfigurations - C gu
            admissionregistration.k8s.io/v1 ValidatingAdmissionPolicy validatingadmissionpolicies - C gsu
            admissionregistration.k8s.io/v1 ValidatingAdmissionPolicyBinding validatingadmissionpolicybindings - C gu
            admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration validatingwebhookconfigurations - C gu
            apiextensions.k8s.io/v1 CustomResourceDefinition customresourcedefinitions crd,crds C gsu
            apiregistration.k8s.io/v1 APIService apiservices - C su
            apps/v1 ControllerRevision controllerrevisions - N -
            apps/v1 DaemonSet daemonsets ds N gs@
            apps/v1 Deployment deployments deploy N gasc@
            apps/v1 ReplicaSet replicasets rs N gsc@
            apps/v1 StatefulSet statefulsets sts N gsc@
            authentication.k8s.io/v1 SelfSubjectReview selfsubjectreviews - C v
            authentication.k8s.io/v1 TokenReview tokenreviews - C v
            authorization.k8s.io/v1 LocalSubjectAccessReview localsubjectaccessreviews - N v
            authorization.k8s.io/v1 SelfSubjectAccessReview selfsubjectaccessreviews - C v
            authorization.k8s.io/v1 SelfSubjectRulesReview selfsubjectrulesreviews - C v
            authorization.k8s.io/v1 SubjectAccessReview subjectaccessreviews - C v
            autoscaling/v2,v1 HorizontalPodAutoscaler horizontalpodautoscalers hpa N s@
            batch/v1 CronJob cronjobs cj N gs@
            batch/v1 Job jobs - N gs@
            certificates.k8s.io/v1 CertificateSigningRequest certificatesigningrequests csr C s
            coordination.k8s.io/v1 Lease leases - N pu
            discovery.k8s.io/v1 EndpointSlice endpointslices - N g
            events.k8s.io/v1 Event events ev N p
            flowcontrol.apiserver.k8s.io/v1 FlowSchema flowschemas - C gs
            flowcontrol.apiserver.k8s.io/v1 PriorityLevelConfiguration prioritylevelconfigurations - C gs
            networking.k8s.io/v1 IngressClass ingressclasses - C g
            networking.k8s.io/v1 Ingress ingresses ing N gs
            networking.k8s.io/v1 IPAddress ipaddresses ip C -
            networking.k8s.io/v1 NetworkPolicy networkpolicies netpol N g
            networking.k8s.io/v1 ServiceCIDR servicecidrs - C s
            node.k8s.io/v1 RuntimeClass runtimeclasses - C -
            policy/v1 PodDisruptionBudget poddisruptionbudgets pdb N gs
            rbac.authorization.k8s.io/v1 ClusterRoleBinding clusterrolebindings - C -
            rbac.authorization.k8s.io/v1 ClusterRole clusterroles - C -
            rbac.authorization.k8s.io/v1 RoleBinding rolebindings - N -
            rbac.authorization.k8s.io/v1 Role roles - N -
            resource.k8s.io/v1 DeviceClass deviceclasses - C g
            resource.k8s.io/v1 ResourceClaim resourceclaims - N s
            resource.k8s.io/v1 ResourceClaimTemplate resourceclaimtemplates - N -
            resource.k8s.io/v1 ResourceSlice resourceslices - C g
            scheduling.k8s.io/v1 PriorityClass priorityclasses pc C g
            storage.k8s.io/v1 CSIDriver csidrivers - C -
            storage.k8s.io/v1 CSINode csinodes - C -
            storage.k8s.io/v1 CSIStorageCapacity csistoragecapacities - N -
            storage.k8s.io/v1 StorageClass storageclasses sc C -
            storage.k8s.io/v1 VolumeAttachment volumeattachments - C s
            storage.k8s.io/v1 VolumeAttributesClass volumeattributesclasses vac C -
            """;

    private BuiltinTypes() {}

    /** Every built-in type, in the order of discovery. */
    static List<ResourceType> all() {
        List<ResourceType> types = new ArrayList<>();
        for (String line : TABLE.lines().toList()) {
            List<String> cells = List.of(line.split(" ", -1));
            String apiVersion = cells.get(0);
            int slash = apiVersion.indexOf('/');
            List<String> versions = List.of(apiVersion.substring(slash + 1).split(",", -1));
            String kind = cells.get(1);
            String habits = cells.get(5);
            types.add(new ResourceType(
                    slash < 0 ? "" : apiVersion.substring(0, slash),
                    versions,
                    versions.get(0),
                    kind,
                    kind + "List",
                    cells.get(2),
                    kind.toLowerCase(Locale.ROOT),
                    cells.get(3).equals("-") ? List.of() : List.of(cells.get(3).split(",", -1)),
                    habits.contains("@") ? List.of("all") : List.of(),
                    cells.get(4).equals("N"),
                    traits(habits),
                    null));
        }
        return types;
    }

    private static Set<Trait> traits(String habits) {
        Set<Trait> traits = EnumSet.noneOf(Trait.class);
        for (int i = 0; i < habits.length(); i++) {
            switch (habits.charAt(i)) {
                case 'g' -> traits.add(Trait.GENERATION);
                case 'a' -> traits.add(Trait.GENERATION_BY_ANNOTATIONS);
                case 's' -> traits.add(Trait.STATUS);
                case 'c' -> traits.add(Trait.SCALE);
                case 'u' -> traits.add(Trait.CONDITIONAL_UPDATE_ONLY);
                case 'o' -> traits.add(Trait.DELETE_ANSWERS_OBJECT);
                case 'p' -> traits.add(Trait.CREATE_ON_UPDATE);
                case 'v' -> traits.add(Trait.VIRTUAL);
                default -> {}
            }
        }
        return traits;
    }
}
