using TsVlm.Contracts;
using TsVlm.Representations.Samples;
using TsVlm.VisionLanguage.Inputs;
using TsVlm.VisionLanguage.Numerics;
using TsVlm.VisionLanguage.Prediction;
using TsVlm.VisionLanguage.Probing;
using TsVlm.VisionLanguage.Scoring;

namespace TsVlm.Trainer;

/// <summary>Fits the temperature of a trained model's probabilities on its validation cases, as it will score test cases.</summary>
/// <param name="encoding">Tokenizer and image preprocessing of its folder.</param>
/// <param name="scenario">How classes are read, and what rationales come before.</param>
/// <param name="settings">Threads.</param>
/// <param name="device">Where the model is.</param>
internal sealed class TemperatureFitting(SampleEncoding encoding, Scenario scenario, TrainerSettings settings, ComputeDevice device)
{
    /// <summary>The temperature.</summary>
    /// <param name="trained">What the training made.</param>
    /// <param name="samples">The samples, of which it scores those for validation.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    public TemperatureScaling Fit(TrainedModel trained, TrainingSamples samples, CancellationToken cancellationToken)
    {
        if (trained is { Probe: not null, IsChanged: false })
            return TemperatureScaling.None(0, "the probe has a temperature of its own, by leave-one-out");
        var answers = new AnswerClassifier(trained.Model, encoding, settings.NumThreads);
        var probed = trained.Probe is { Weights: var probe }
            ? new ProbeClassifier(trained.Model, scenario.Recipe.ReadOut, probe, encoding, encoding.Format(device), settings.NumThreads)
            : null;
        var classOf = samples.Builder.Answers.Index().ToDictionary(answer => answer.Item, answer => answer.Index);
        var truth = new List<int>();
        var inputs = SampleShards.Read(samples.Folder, SplitNames.Validation).Select(sample =>
        {
            truth.Add(classOf[sample.Answer]);
            return sample.Input;
        });
        var scoring = new ClassScoring(answers, probed, samples.Builder, scenario);
        return TemperatureScaling.Fit(scoring.Score(inputs, _ => { }, cancellationToken), truth);
    }
}
