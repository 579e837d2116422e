using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Scoring;
using TsVlm.VisionLanguage.Training;

namespace TsVlm.Trainer;

/// <summary>What a training made.</summary>
/// <param name="Model">The model.</param>
/// <param name="Probe">The probe that reads classes; null where answers do.</param>
/// <param name="FineTuning">The steps; null where none was made.</param>
internal sealed record TrainedModel(Llava Model, FittedProbe? Probe, FineTuningResult? FineTuning) : IDisposable
{
    /// <summary>Whether the model's weights are others than at the start.</summary>
    public required bool IsChanged { get; init; }

    /// <summary>The temperature of its probabilities, from cases that it did not learn from.</summary>
    public TemperatureScaling Scaling { get; init; } = TemperatureScaling.None(0, "not fitted yet");

    /// <summary>Samples that the output layer was fitted on, where nothing was learnt from after that.</summary>
    public int NumSamplesFitted { get; init; }

    /// <summary>Training samples seen, each time counted; those that something was fitted on where no step was made.</summary>
    public long NumSamplesSeen => FineTuning?.NumSamplesSeen ?? Probe?.Facts.NumCases ?? NumSamplesFitted;

    public void Dispose()
    {
        Probe?.Dispose();
        Model.Dispose();
    }
}
