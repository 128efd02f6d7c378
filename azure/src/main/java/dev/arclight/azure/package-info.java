/**
 * Azure Machine Learning: its {@code azureml://} paths as a Hadoop filesystem, for Spark and for {@code arclight fs}.
 * An add-on: what is large ({@code hadoop-azure}, Azure's identity library) is fetched by {@code arclight install
 * azure}. Starts from {@link dev.arclight.azure.fs.AzureMLFileSystem}; the grammar of its paths is
 * {@link dev.arclight.azure.uri.AzureMLUri}.
 */
@NullMarked
package dev.arclight.azure;

import org.jspecify.annotations.NullMarked;
