using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TsVlm.Baselines.InceptionTime;

/// <summary>
/// An Inception network (Fawaz et al. 2020, arXiv 1909.04939, section 3.1, figure 1): modules with a shortcut over every third, the mean
/// over time, and a linear layer. Sizes the paper leaves open follow the authors' code, github.com/hfawaz/InceptionTime.
/// </summary>
internal sealed class InceptionNetwork : nn.Module<Tensor, Tensor>
{
    // Shapes: B batch, C channels, T time steps, O module outputs, K classes.
    private readonly ModuleList<InceptionModule> inception;
    private readonly ModuleList<Shortcut> shortcuts;
    private readonly Parameter weight, bias;
    private readonly int modulesPerShortcut;

    /// <summary>Makes a network with random weights.</summary>
    /// <param name="numChannels">Channels of the series.</param>
    /// <param name="numClasses">Classes to tell apart.</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="random">Where the weights are drawn from, in the order of the layers.</param>
    public InceptionNetwork(int numChannels, int numClasses, InceptionShape shape, Random random) : base(nameof(InceptionNetwork))
    {
        modulesPerShortcut = shape.ModulesPerShortcut;
        inception = new();
        shortcuts = new();
        for (var depth = 0; depth < shape.Depth; depth++)
        {
            inception.Add(new(depth == 0 ? numChannels : shape.NumOutputs, shape, random));
            if (EndsShortcut(depth)) shortcuts.Add(new(shortcuts.Count == 0 ? numChannels : shape.NumOutputs, shape.NumOutputs, random));
        }
        weight = new Parameter(GlorotUniform.Draw(random, numClasses, shape.NumOutputs));                     // (K, O)
        bias = new Parameter(zeros(numClasses));
        RegisterComponents();
    }

    /// <summary>Number of shortcuts.</summary>
    public int NumShortcuts => shortcuts.Count;

    public override Tensor forward(Tensor x)                                                                  // (B, C, T)
    {
        using var scope = NewDisposeScope();
        var from = x;
        for (var depth = 0; depth < inception.Count; depth++)
        {
            x = inception[depth].forward(x);                                                                    // (B, O, T)
            if (!EndsShortcut(depth)) continue;
            x = shortcuts[depth / modulesPerShortcut].forward(from, x);                                       // (B, O, T)
            from = x;
        }
        return nn.functional.linear(x.mean([2]), weight, bias).MoveToOuterDisposeScope();                     // (B, K)
    }

    private bool EndsShortcut(int depth) => depth % modulesPerShortcut == modulesPerShortcut - 1;
}
