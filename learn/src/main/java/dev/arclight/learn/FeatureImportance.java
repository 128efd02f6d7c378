package dev.arclight.learn;

/**
 * How much a feature does in a model. Each figure is a share: over all features they add up to 1 (or all are 0).
 *
 * @param feature its name
 * @param gain share of the loss that its splits took away
 * @param cover share of the (Hessian-weighted) rows that its splits saw
 * @param weight share of the splits
 */
public record FeatureImportance(String feature, double gain, double cover, double weight) {}
