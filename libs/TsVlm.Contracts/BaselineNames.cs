using System.Text.RegularExpressions;

namespace TsVlm.Contracts;

/// <summary>The baselines a grid may ask for.</summary>
public static partial class BaselineNames
{
    /// <summary>One nearest neighbour by Euclidean distance, on the values as they are.</summary>
    public const string Euclidean = "1nn-ed";

    /// <summary>One nearest neighbour by dynamic time warping without a window, on the values as they are.</summary>
    public const string Dtw = "1nn-dtw";

    /// <summary>
    /// One nearest neighbour by dynamic time warping, its window learned on the training cases, on the values as they are.
    /// </summary>
    public const string DtwLearnedWindow = "1nn-dtw-learned";

    /// <summary><see cref="Euclidean"/> on series that are z-normalised channel by channel.</summary>
    public const string EuclideanZ = "1nn-ed-z";

    /// <summary><see cref="Dtw"/> on series that are z-normalised channel by channel.</summary>
    public const string DtwZ = "1nn-dtw-z";

    /// <summary><see cref="DtwLearnedWindow"/> on series that are z-normalised channel by channel.</summary>
    public const string DtwLearnedWindowZ = "1nn-dtw-learned-z";

    /// <summary>MiniRocket's features and ridge regression.</summary>
    public const string MiniRocket = "minirocket";

    /// <summary>InceptionTime, five networks of 1,500 epochs as published.</summary>
    public const string InceptionTime = "inceptiontime";

    /// <summary>
    /// InceptionTime of another number of epochs, such as <c>inceptiontime:600</c> (ECMAScript and .NET). The published number has no
    /// second name, so that a shorter training never passes for the published one, nor the same one for two.
    /// </summary>
    public const string InceptionTimeOfEpochs = "^inceptiontime:(?!1500$)[1-9][0-9]{0,4}$";

    /// <summary>All that have a fixed name.</summary>
    public static IReadOnlyList<string> All { get; } =
        [Euclidean, Dtw, DtwLearnedWindow, EuclideanZ, DtwZ, DtwLearnedWindowZ, MiniRocket, InceptionTime];

    /// <summary>Whether there is such a baseline.</summary>
    public static bool IsKnown(string name) => All.Contains(name) || HasEpochs(name);

    /// <summary>Whether the baseline draws at random, so that each seed is another run.</summary>
    public static bool IsSeeded(string name) => name is MiniRocket or InceptionTime || HasEpochs(name);

    // In .NET, $ would let a line break pass.
    private static bool HasEpochs(string name) => WithEpochs().Match(name) is { Success: true } match && match.Length == name.Length;

    [GeneratedRegex(InceptionTimeOfEpochs, RegexOptions.CultureInvariant)]
    private static partial Regex WithEpochs();
}
