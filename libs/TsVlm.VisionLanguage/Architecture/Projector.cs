using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TsVlm.VisionLanguage.Architecture;

/// <summary>
/// Image features to the language model's width by two layers (LLaVA-1.5, arXiv 2310.03744, section 3.2): (N, I, Dv) -> (N, I, D).
/// </summary>
internal sealed class Projector : Module<Tensor, Tensor>
{
    private readonly LinearLayer linear_1;
    private readonly LinearLayer linear_2;
    private readonly Activation activation;

    public Projector(LlavaConfig config, WeightFormat format) : base(nameof(Projector))
    {
        linear_1 = new LinearLayer(config.Vision.Width, config.Text.Width, config.ProjectorBias, format);
        linear_2 = new LinearLayer(config.Text.Width, config.Text.Width, config.ProjectorBias, format);
        activation = config.ProjectorActivation;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return linear_2.forward(activation.Apply(linear_1.forward(x))).MoveToOuterDisposeScope();
    }
}
