namespace TsVlm.Representations.Images;

/// <summary>The values at the lower and the upper edge of a plot; low is below high.</summary>
public sealed record ValueRange(double Low, double High);
