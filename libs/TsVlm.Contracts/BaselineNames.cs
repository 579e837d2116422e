namespace TsVlm.Contracts;

/// <summary>The baselines a grid may ask for.</summary>
public static class BaselineNames
{
    /// <summary>One nearest neighbour by Euclidean distance.</summary>
    public const string Euclidean = "1nn-ed";

    /// <summary>One nearest neighbour by dynamic time warping without a window.</summary>
    public const string Dtw = "1nn-dtw";

    /// <summary>One nearest neighbour by dynamic time warping, its window learned on the training cases.</summary>
    public const string DtwLearnedWindow = "1nn-dtw-learned";

    /// <summary>MiniRocket's features and ridge regression.</summary>
    public const string MiniRocket = "minirocket";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Euclidean, Dtw, DtwLearnedWindow, MiniRocket];

    /// <summary>Whether the baseline draws at random, so that each seed is another run.</summary>
    public static bool IsSeeded(string name) => name == MiniRocket;
}
