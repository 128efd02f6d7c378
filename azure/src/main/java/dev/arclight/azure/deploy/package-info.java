/**
 * The scoring server where others run it: {@code arclight deploy serving --to kubernetes|aml}. Starts from
 * {@link dev.arclight.azure.deploy.DeployServingCommand}.
 */
@NullMarked
package dev.arclight.azure.deploy;

import org.jspecify.annotations.NullMarked;
