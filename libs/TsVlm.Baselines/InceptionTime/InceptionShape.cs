namespace TsVlm.Baselines.InceptionTime;

/// <summary>Sizes of an Inception network (Fawaz et al. 2020, arXiv 1909.04939, section 3.1).</summary>
internal sealed record InceptionShape
{
    /// <summary>As published.</summary>
    public static InceptionShape Published { get; } = new();

    /// <summary>
    /// For tests. Channels are multiples of 16, as libtorch's gradient of other numbers is wrong on some processors (<see cref="ConvolutionCheck"/>).
    /// </summary>
    public static InceptionShape Tiny { get; } = new() { NumFilters = 16, Bottleneck = 16, KernelLengths = [6, 3, 2] };

    /// <summary>Modules, one after the other.</summary>
    public int Depth { get; init; } = 6;

    /// <summary>A shortcut passes over each run of this many modules.</summary>
    public int ModulesPerShortcut { get; init; } = 3;

    /// <summary>Filters of each of a module's branches.</summary>
    public int NumFilters { get; init; } = 32;

    /// <summary>Channels that a module's long convolutions see.</summary>
    public int Bottleneck { get; init; } = 32;

    /// <summary>Time steps of a module's long convolutions: 40, 20 and 10 in the authors' code, which the paper rounds up to 41.</summary>
    public IReadOnlyList<int> KernelLengths { get; init; } = [40, 20, 10];

    /// <summary>Channels that a module gives: one branch for each kernel length and one for the pooled input.</summary>
    public int NumOutputs => NumFilters * (KernelLengths.Count + 1);
}
