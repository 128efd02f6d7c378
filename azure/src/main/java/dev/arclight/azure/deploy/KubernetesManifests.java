package dev.arclight.azure.deploy;

import dev.arclight.azure.submit.Yaml;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A scoring server on Kubernetes: Deployment, Service, HorizontalPodAutoscaler and PodDisruptionBudget. The token is a
 * Secret that the user makes, so that no file holds it.
 */
final class KubernetesManifests {
    private static final String LABEL = "app.kubernetes.io/name";
    /** The pod gets no new requests by then: Kubernetes tells its proxies and the pod at the same time. */
    private static final int LEAVING_SECONDS = 5;
    /** The server's own 10 s for requests under way, the 5 above, and as much again. */
    private static final int GRACE_SECONDS = 30;

    private final Serving serving;

    KubernetesManifests(Serving serving) {
        this.serving = serving;
    }

    /** File name to text. */
    Map<String, String> files() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("deployment.yaml", Yaml.of(deployment()));
        files.put("service.yaml", Yaml.of(service()));
        files.put("autoscaler.yaml", Yaml.of(autoscaler()));
        files.put("disruption-budget.yaml", Yaml.of(budget()));
        return files;
    }

    private Map<String, Object> object(String version, String kind, Map<String, Object> spec) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("apiVersion", version);
        object.put("kind", kind);
        object.put("metadata", map("name", serving.name(), "labels", labels()));
        object.put("spec", spec);
        return object;
    }

    private Map<String, Object> labels() {
        return map(LABEL, serving.name(), "app.kubernetes.io/managed-by", "arclight");
    }

    private Map<String, Object> deployment() {
        return object(
                "apps/v1",
                "Deployment",
                map(
                        "replicas", serving.least(),
                        "selector", map("matchLabels", map(LABEL, serving.name())),
                        "strategy",
                                map("type", "RollingUpdate", "rollingUpdate", map("maxUnavailable", 0, "maxSurge", 1)),
                        "template", map("metadata", map("labels", labels()), "spec", pod())));
    }

    private Map<String, Object> pod() {
        return map(
                "automountServiceAccountToken", false,
                "terminationGracePeriodSeconds", GRACE_SECONDS,
                "securityContext",
                        map(
                                "runAsNonRoot",
                                true,
                                "runAsUser",
                                10001,
                                "fsGroup",
                                10001,
                                "seccompProfile",
                                map("type", "RuntimeDefault")),
                "containers", List.of(container()),
                "volumes",
                        List.of(
                                map(
                                        "name",
                                        "token",
                                        "secret",
                                        map(
                                                "secretName",
                                                serving.name() + "-token",
                                                "defaultMode",
                                                0440,
                                                "items",
                                                List.of(map("key", "token", "path", "token")))),
                                map("name", "scratch", "emptyDir", map("sizeLimit", "1Gi"))));
    }

    private Map<String, Object> container() {
        List<Object> variables = new ArrayList<>();
        serving.tracking().ifPresent(uri -> {
            variables.add(map("name", "ARCLIGHT_TRACKING_URI", "value", uri));
            variables.add(map(
                    "name",
                    "ARCLIGHT_TRACKING_TOKEN",
                    "valueFrom",
                    map(
                            "secretKeyRef",
                            map("name", serving.name() + "-token", "key", "tracking-token", "optional", true))));
        });
        return map(
                "name", "scoring",
                "image", serving.image(),
                "command", serving.command(),
                "ports", List.of(map("name", "http", "containerPort", Serving.PORT)),
                "env", variables,
                "resources",
                        map(
                                "requests", map("cpu", serving.cpus(), "memory", serving.memory()),
                                "limits", map("memory", serving.memory())),
                // A model that loads slowly has two minutes; only then the others begin.
                "startupProbe", probe("/ping", 2, 60),
                // 503 while it drains, or has no model: it gets no requests, and is left alone.
                "readinessProbe", probe("/ping", 5, 2),
                "livenessProbe", probe("/version", 10, 6),
                "lifecycle",
                        map("preStop", map("exec", map("command", List.of("sleep", String.valueOf(LEAVING_SECONDS))))),
                "securityContext",
                        map(
                                "allowPrivilegeEscalation", false,
                                "readOnlyRootFilesystem", true,
                                "capabilities", map("drop", List.of("ALL"))),
                "volumeMounts",
                        List.of(
                                map("name", "token", "mountPath", "/var/run/arclight", "readOnly", true),
                                map("name", "scratch", "mountPath", "/tmp")));
    }

    private static Map<String, Object> probe(String path, int periodSeconds, int failures) {
        return map(
                "httpGet",
                map("path", path, "port", "http"),
                "periodSeconds",
                periodSeconds,
                "timeoutSeconds",
                2,
                "failureThreshold",
                failures);
    }

    private Map<String, Object> service() {
        return object(
                "v1",
                "Service",
                map(
                        "selector", map(LABEL, serving.name()),
                        "ports", List.of(map("name", "http", "port", 80, "targetPort", "http"))));
    }

    private Map<String, Object> autoscaler() {
        return object(
                "autoscaling/v2",
                "HorizontalPodAutoscaler",
                map(
                        "scaleTargetRef", map("apiVersion", "apps/v1", "kind", "Deployment", "name", serving.name()),
                        "minReplicas", serving.least(),
                        "maxReplicas", serving.most(),
                        "metrics",
                                List.of(map(
                                        "type",
                                        "Resource",
                                        "resource",
                                        map(
                                                "name",
                                                "cpu",
                                                "target",
                                                map("type", "Utilization", "averageUtilization", 70)))),
                        "behavior", map("scaleDown", map("stabilizationWindowSeconds", 300))));
    }

    private Map<String, Object> budget() {
        return object(
                "policy/v1",
                "PodDisruptionBudget",
                map("maxUnavailable", 1, "selector", map("matchLabels", map(LABEL, serving.name()))));
    }

    /** In the order given: key, value, key, value. */
    private static Map<String, Object> map(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }
}
