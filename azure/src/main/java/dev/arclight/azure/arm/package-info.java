/**
 * A small client of Azure Resource Manager: what a workspace says of its datastores and data. Starts from
 * {@link WorkspaceClient}.
 */
@NullMarked
package dev.arclight.azure.arm;

import org.jspecify.annotations.NullMarked;
