using TsVlm.Contracts;
using TsVlm.Representations.Samples;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Files;
using TsVlm.VisionLanguage.Inputs;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Probing;

/// <summary>Classifies by a linear probe on what is read of a model.</summary>
/// <param name="model">The model; dropout is off while it is read.</param>
/// <param name="readOut">What is read.</param>
/// <param name="probe">The probe.</param>
/// <param name="encoding">Tokenizer and image preprocessing of the model's folder.</param>
/// <param name="format">How prompts become tensors.</param>
/// <param name="numThreads">Threads of the tensor library in this process.</param>
public sealed class ProbeClassifier(Llava model, ReadOut readOut, LinearProbe probe, SampleEncoding encoding, BatchFormat format,
    int numThreads)
{
    private readonly ProbeReading reading = new(model, readOut);

    /// <summary>
    /// The probe's score of every class for each input, (inputs, classes), whose softmax are probabilities. All inputs have an image, or
    /// none has.
    /// </summary>
    /// <exception cref="CheckpointException">The probe reads another number of features than the model has.</exception>
    public double[][] Scores(IReadOnlyList<SampleInput> inputs)
    {
        if (inputs.Count == 0) return [];
        set_num_threads(numThreads);
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var features = reading.ReadAll([.. inputs.Select((input, i) => encoding.EncodeForProbe(i, input, target: 0))], format, _ => { },
            CancellationToken.None);
        if (probe.NumFeatures != features[0].Length)
        {
            throw new CheckpointException(
                $"{LinearProbe.WeightsFile}: expected weights for {features[0].Length} numbers of a sample, found {probe.NumFeatures}. "
                + "It belongs to another model.");
        }
        return [.. features.Select(ScoresOf)];
    }

    // A row at a time, from memory of the tensor library's own: a product rounds by the number of its rows and by their place in memory.
    private double[] ScoresOf(float[] features)
    {
        using var scope = NewDisposeScope();
        var scores = probe.forward(tensor(features).unsqueeze(0).clone().to(format.Device));                 // (1, K)
        return scores.to(ScalarType.Float64).cpu().contiguous().data<double>().ToArray();
    }
}
