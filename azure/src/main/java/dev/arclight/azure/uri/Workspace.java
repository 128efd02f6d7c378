package dev.arclight.azure.uri;

import java.util.Locale;

/**
 * An Azure Machine Learning workspace. Azure does not tell upper from lower case in these names, so {@link #equals}
 * does not either.
 *
 * @param subscription id of the Azure subscription
 * @param resourceGroup name of the resource group
 * @param name of the workspace
 */
public record Workspace(String subscription, String resourceGroup, String name) {
    public Workspace {
        if (subscription.isBlank() || resourceGroup.isBlank() || name.isBlank()) {
            throw new IllegalArgumentException("subscription='%s' resourceGroup='%s' name='%s', expected all three"
                    .formatted(subscription, resourceGroup, name));
        }
    }

    /** The id of its resource, as Azure Resource Manager writes it: begins with a slash, ends without one. */
    public String resourceId() {
        return "/subscriptions/%s/resourceGroups/%s/providers/Microsoft.MachineLearningServices/workspaces/%s"
                .formatted(subscription, resourceGroup, name);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Workspace that && resourceId().equalsIgnoreCase(that.resourceId());
    }

    @Override
    public int hashCode() {
        return resourceId().toLowerCase(Locale.ROOT).hashCode();
    }
}
