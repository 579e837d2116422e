using System.Collections;
using TorchSharp;
using TorchSharp.Modules;
using TsVlm.Contracts;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Probing;

namespace TsVlm.VisionLanguage.Training;

/// <summary>The weights that learn, in the model's order, each with its highest learning rate.</summary>
public sealed class TrainedParameters : IReadOnlyList<TrainedParameter>
{
    private readonly IReadOnlyList<TrainedParameter> parameters;

    internal TrainedParameters(IReadOnlyList<TrainedParameter> parameters) => this.parameters = parameters;

    /// <inheritdoc />
    public int Count => parameters.Count;

    /// <inheritdoc />
    public TrainedParameter this[int index] => parameters[index];

    /// <summary>Chooses what learns by <see cref="Recipe.Trained"/>, and lets the model compute gradients of that alone.</summary>
    /// <exception cref="FineTuningException">
    /// The model has none of the weights that should learn, or no adapters where they should.
    /// </exception>
    public static TrainedParameters Choose(torch.nn.Module model, Recipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        var chosen = Choose(model, name => LearnedWeights.Includes(name, recipe.Trained), recipe.LearningRate,
            recipe.ProjectorLearningRate);
        if (recipe.Trained is TrainedPart.Lora && !chosen.Any(p => LearnedWeights.IsAdapter(p.Name)))
        {
            throw new FineTuningException("Recipe 'lora': expected adapters (lora_A, lora_B) in the model, found none. "
                + "Build the model with the recipe's LoraSettings.");
        }
        return chosen;
    }

    /// <summary>Chooses what learns by name.</summary>
    internal static TrainedParameters Choose(torch.nn.Module model, Func<string, bool> learns, double learningRate,
        double projectorLearningRate)
    {
        var chosen = new List<TrainedParameter>();
        var norms = model.named_modules().Where(child => child.module is Architecture.LayerNorm or RmsNorm).Select(child => child.name)
            .ToHashSet();
        var numParameters = 0;
        foreach (var (name, parameter) in model.named_parameters())
        {
            numParameters++;
            parameter.requires_grad = learns(name);
            if (!parameter.requires_grad) continue;
            var rate = name.StartsWith(LearnedWeights.Projector, StringComparison.Ordinal) ? projectorLearningRate : learningRate;
            chosen.Add(new TrainedParameter(name, parameter, rate) { Decays = !IsBias(name) && !norms.Contains(OwnerOf(name)) });
        }
        return chosen.Count > 0
            ? new TrainedParameters(chosen)
            : throw new FineTuningException($"Expected weights that learn, found none among the model's {numParameters}.");
    }

    /// <summary>These and a probe's, which learn at the rate of everything but the projector.</summary>
    internal TrainedParameters With(LinearProbe? probe, Recipe recipe) => probe is null ? this
        : new([.. parameters, .. probe.named_parameters()
            .Select(p => new TrainedParameter($"probe.{p.name}", p.parameter, recipe.LearningRate) { Decays = !IsBias(p.name) })]);

    /// <summary>Forgets the gradients of the step before.</summary>
    internal void ZeroGrad()
    {
        foreach (var parameter in parameters) parameter.Tensor.grad = null;
    }

    /// <inheritdoc />
    public IEnumerator<TrainedParameter> GetEnumerator() => parameters.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static bool IsBias(string name) => name.Contains("bias", StringComparison.Ordinal);

    private static string OwnerOf(string name) => name[..Math.Max(0, name.LastIndexOf('.'))];
}

/// <summary>One weight that learns.</summary>
/// <param name="Name">Its key in the checkpoint.</param>
/// <param name="Tensor">The weight itself.</param>
/// <param name="LearningRate">Its highest learning rate.</param>
public sealed record TrainedParameter(string Name, Parameter Tensor, double LearningRate)
{
    /// <summary>
    /// Whether weight decay pulls it towards 0: all but biases and the weights of norms, as Hugging Face's
    /// <c>Trainer.get_decay_parameter_names</c> chooses; embeddings decay.
    /// </summary>
    public bool Decays { get; init; } = true;
}
