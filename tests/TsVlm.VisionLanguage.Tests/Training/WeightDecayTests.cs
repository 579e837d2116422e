using System.Text.RegularExpressions;
using TorchSharp;
using TsVlm.Contracts;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Probing;
using TsVlm.VisionLanguage.Tests.Architecture;
using TsVlm.VisionLanguage.Training;
using static TorchSharp.torch;
using ParamGroup = TorchSharp.Modules.AdamW.ParamGroup;

namespace TsVlm.VisionLanguage.Tests.Training;

/// <summary>Which weights decay, against the rule of Hugging Face's Trainer and torch's optimizer with its two groups.</summary>
[Collection(TorchTests.Name)]
public sealed partial class WeightDecayTests
{
    private const double WeightDecay = 0.5;

    // All weights of SmallTraining's model that get no decay, written out; %: the number of a layer.
    private static readonly string[] Spared =
    [
        "vision_tower.vision_model.pre_layrnorm.weight", "vision_tower.vision_model.pre_layrnorm.bias",
        "vision_tower.vision_model.post_layernorm.weight", "vision_tower.vision_model.post_layernorm.bias",
        .. OfLayers("vision_tower.vision_model.encoder.layers.%.",
            "layer_norm1.weight", "layer_norm1.bias", "layer_norm2.weight", "layer_norm2.bias", "self_attn.q_proj.bias",
            "self_attn.k_proj.bias", "self_attn.v_proj.bias", "self_attn.out_proj.bias", "mlp.fc1.bias", "mlp.fc2.bias"),
        "multi_modal_projector.linear_1.bias", "multi_modal_projector.linear_2.bias",
        .. OfLayers("language_model.model.layers.%.", "input_layernorm.weight", "post_attention_layernorm.weight"),
        "language_model.model.norm.weight", "probe.bias",
    ];

    [Fact]
    public void Decay_spares_norms_and_biases_and_takes_embeddings()
    {
        using var model = SmallTraining.Model();
        using var probe = Probe(model);
        var parameters = All(model, probe);
        Assert.Equal(Spared.Order(StringComparer.Ordinal),
            parameters.Where(parameter => !parameter.Decays).Select(parameter => parameter.Name).Order(StringComparer.Ordinal));
        string[] embeddings = [
            .. parameters.Select(parameter => parameter.Name).Where(name => name.Contains("embed", StringComparison.Ordinal))];
        Assert.Equal(4, embeddings.Length);   // tokens, patches, positions and the class token
        Assert.DoesNotContain(embeddings, Spared.Contains);
    }

    /// <summary>
    /// transformers 4.56, trainer.py: no parameter whose name fits one of these, and none of an <c>nn.LayerNorm</c>, which is what
    /// <c>pre_layrnorm</c> and <c>layer_norm1</c> are.
    /// </summary>
    [Fact]
    public void The_trainer_s_patterns_of_names_choose_the_same_weights()
    {
        using var model = HuggingFace.TinyModel();
        var adapted = SmallTraining.ModelFor(SmallTraining.LoraRecipe);
        foreach (var some in new[] { model, adapted })
            Assert.All(TrainedParameters.Choose(some, _ => true, 1, 1), parameter => Assert.Equal(
                !Forbidden().IsMatch(parameter.Name) && !LayerNorms().IsMatch(parameter.Name), parameter.Decays));
        adapted.Dispose();
    }

    /// <summary>float32 goes through the pass over spans, float64 through tensor operations.</summary>
    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Steps_equal_torch_s_optimizer_with_the_trainer_s_two_groups(ScalarType type)
    {
        using var scope = NewDisposeScope();
        set_num_threads(1);
        using var model = SmallTraining.Model();
        using var probe = Probe(model);
        model.to(type);
        probe.to(type);
        var parameters = All(model, probe);
        var theirs = parameters.Select(p => (p.Name, Copy: new TorchSharp.Modules.Parameter(p.Tensor.clone().detach()))).ToList();
        using var reference = optim.AdamW(
            (ParamGroup[])[
                new(theirs.Where(p => !Spared.Contains(p.Name)).Select(p => p.Copy), new() { weight_decay = WeightDecay }),
                new(theirs.Where(p => Spared.Contains(p.Name)).Select(p => p.Copy), new() { weight_decay = 0 }),
            ], lr: 0.01);
        using var optimizer = new AdamW(parameters, WeightDecay);
        for (var step = 0; step < 4; step++)
        {
            using var generator = new Generator((ulong)step);
            foreach (var (parameter, (_, copy)) in parameters.Zip(theirs))
            {
                var gradient = randn(copy.shape, generator: generator).to(type);
                parameter.Tensor.grad = gradient;
                copy.grad = gradient.clone();
            }
            optimizer.Step(step, 1);
            reference.step();
        }
        foreach (var (parameter, (name, copy)) in parameters.Zip(theirs))
            Close.To(copy.to(ScalarType.Float32), parameter.Tensor.to(ScalarType.Float32), 1e-6, name);
    }

    private static TrainedParameters All(Llava model, LinearProbe probe) =>
        TrainedParameters.Choose(model, _ => true, 0.01, 0.01).With(probe, new Recipe { LearningRate = 0.01 });

    private static LinearProbe Probe(Llava model) => new(
        [.. Enumerable.Range(0, model.AnswerStatesSize * 3).Select(i => Math.Sin(i))], [1, 2, 3], 1, CPU);

    private static IEnumerable<string> OfLayers(string beginning, params string[] names) =>
        from layer in Enumerable.Range(0, 2)
        from name in names
        select beginning.Replace("%", $"{layer}", StringComparison.Ordinal) + name;

    [GeneratedRegex(@"bias|layernorm|rmsnorm|(?:^|\.)norm(?:$|\.)|_norm(?:$|\.)", RegexOptions.IgnoreCase)]
    private static partial Regex Forbidden();

    [GeneratedRegex(@"\.(pre_layrnorm|layer_norm[12])\.")]
    private static partial Regex LayerNorms();
}
