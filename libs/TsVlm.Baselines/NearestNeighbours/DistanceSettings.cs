namespace TsVlm.Baselines.NearestNeighbours;

/// <summary>How two series are compared.</summary>
/// <param name="Measure">The distance.</param>
/// <param name="WindowFraction">
/// Half width of the Sakoe-Chiba band as a share of the longest training length, 0 to 1, rounded up to whole steps.
/// Only <see cref="DistanceMeasure.DynamicTimeWarping"/> reads it.
/// </param>
public sealed record DistanceSettings(DistanceMeasure Measure, double WindowFraction)
{
    /// <summary>
    /// Whether each channel of each series is z-normalised first (<see cref="TsVlm.Data.ZNormalisation"/>), as in the UCR archive's
    /// published accuracies; otherwise values are compared as they are.
    /// </summary>
    public bool IsZNormalised { get; init; }

    /// <summary>Point by point, without warping.</summary>
    public static DistanceSettings Euclidean { get; } = new(DistanceMeasure.Euclidean, 0);

    /// <summary>Dynamic time warping without a band.</summary>
    public static DistanceSettings FullWindow { get; } = new(DistanceMeasure.DynamicTimeWarping, 1);

    /// <summary>Dynamic time warping with the band that classifies the training series best.</summary>
    public static DistanceSettings LearnedWindow { get; } = new(DistanceMeasure.DynamicTimeWarpingLearned, 1);

    /// <summary>Half width in steps of the band for series of at most <paramref name="longest"/> steps.</summary>
    /// <exception cref="ArgumentException"><see cref="WindowFraction"/> is not in 0 to 1.</exception>
    internal int WindowSteps(int longest)
    {
        if (!(WindowFraction is >= 0 and <= 1))
            throw new ArgumentException($"The window must be a share of the length, from 0 to 1; found {WindowFraction}.");
        // 0.07 * 100 is a little more than 7 in binary; the small step back keeps it 7.
        return (int)Math.Ceiling(WindowFraction * longest - 1e-9);
    }
}

/// <summary>The distances.</summary>
public enum DistanceMeasure
{
    /// <summary>Sum of squared differences at equal positions.</summary>
    Euclidean,
    /// <summary>Dynamic time warping in a given band.</summary>
    DynamicTimeWarping,
    /// <summary>Dynamic time warping in the band with the fewest leave-one-out errors on the training series.</summary>
    DynamicTimeWarpingLearned,
}
