/** Tests of the infrastructure files; starts from {@link dev.arclight.deploy.DeployFolder}. */
@NullMarked
package dev.arclight.deploy;

import org.jspecify.annotations.NullMarked;
