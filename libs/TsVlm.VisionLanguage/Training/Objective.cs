using TsVlm.Contracts;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Inputs;
using TsVlm.VisionLanguage.Probing;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Training;

/// <summary>What a training makes small.</summary>
internal interface IObjective
{
    /// <summary>Mean loss over the targets of a batch: a scalar.</summary>
    Tensor Loss(Batch batch);

    /// <summary>What that mean is divided by: the targets of a batch, each as much as it weighs.</summary>
    double CountTargets(Batch batch);
}

/// <summary>Cross-entropy of the answers' tokens, and of those of rationales by their weight.</summary>
internal sealed class AnswerObjective(Llava model) : IObjective
{
    public Tensor Loss(Batch batch) => model.Loss(batch.InputIds, batch.AttentionMask, batch.Images, batch.TargetIds, batch.Weights);

    public double CountTargets(Batch batch) => batch.SumOfWeights();
}

/// <summary>
/// Cross-entropy of the classes by a probe; labels are smoothed (Szegedy et al. 2016) while the model learns, not where it is validated.
/// </summary>
internal sealed class ProbeObjective(Llava model, LinearProbe probe, Recipe recipe) : IObjective
{
    private readonly ProbeReading reading = new(model, recipe.ReadOut);

    public Tensor Loss(Batch batch)
    {
        using var scope = NewDisposeScope();
        var smoothing = model.training ? recipe.LabelSmoothing : 0;
        return nn.functional.cross_entropy(probe.forward(reading.Read(batch)), batch.Classes!, label_smoothing: smoothing)
            .MoveToOuterDisposeScope();
    }

    public double CountTargets(Batch batch) => batch.Cases.Count;
}
