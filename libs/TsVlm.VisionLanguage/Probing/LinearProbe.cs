using TorchSharp.Modules;
using TsVlm.VisionLanguage.Files;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TsVlm.VisionLanguage.Probing;

/// <summary>
/// A linear layer from what is read of a model to the classes: (B, P) -> (B, K) scores, whose softmax are probabilities. In float32,
/// whatever the model computes in.
/// </summary>
public sealed class LinearProbe : Module<Tensor, Tensor>
{
    /// <summary>The probe in a trained model's folder.</summary>
    public const string WeightsFile = "probe.safetensors";

    private readonly Parameter weight;   // (K, P)
    private readonly Parameter bias;     // (K)

    /// <summary>A probe with these weights.</summary>
    /// <param name="weights">(P, K), row by row.</param>
    /// <param name="biases">One for each of K classes.</param>
    /// <param name="scale">What the scores are multiplied with: the inverse temperature.</param>
    /// <param name="device">Where it computes.</param>
    public LinearProbe(double[] weights, double[] biases, double scale, Device device)
        : this(tensor(Array.ConvertAll(weights, w => w * scale), [weights.Length / biases.Length, biases.Length])
            .t(), tensor(Array.ConvertAll(biases, b => b * scale)), device)
    {
    }

    private LinearProbe(Tensor weight, Tensor bias, Device device) : base(nameof(LinearProbe))
    {
        using (weight)
        using (bias)
        {
            this.weight = new Parameter(weight.to(ScalarType.Float32).contiguous().to(device));
            this.bias = new Parameter(bias.to(ScalarType.Float32).to(device));
        }
        RegisterComponents();
    }

    /// <summary>Numbers that it reads of a sample.</summary>
    public int NumFeatures => (int)weight.shape[1];

    /// <summary>Classes.</summary>
    public int NumClasses => (int)weight.shape[0];

    /// <inheritdoc />
    public override Tensor forward(Tensor features)
    {
        using var scope = NewDisposeScope();
        return functional.linear(features, weight, bias).MoveToOuterDisposeScope();
    }

    /// <summary>Writes <see cref="WeightsFile"/> into a folder.</summary>
    public void Save(string folder) =>
        SafetensorsWriter.Write(Path.Combine(folder, WeightsFile), [new("weight", weight), new("bias", bias)]);

    /// <summary>Reads the probe of a folder.</summary>
    /// <exception cref="CheckpointException">The file is missing, cut, or no probe's.</exception>
    public static LinearProbe Load(string folder, Device device)
    {
        using var file = new SafetensorsFile(Path.Combine(folder, WeightsFile));
        return new LinearProbe(file.Read("weight"), file.Read("bias"), device);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            weight.Dispose();
            bias.Dispose();
        }
        base.Dispose(disposing);
    }
}
