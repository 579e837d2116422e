using System.Collections.Concurrent;
using TsVlm.Contracts;
using TsVlm.Models;
using TsVlm.Representations;
using TsVlm.Representations.Samples;

namespace TsVlm.Scenarios.Experiments;

/// <summary>Counts the tokens of prompts by the tokenizers of their models, each opened once.</summary>
internal sealed class PromptTokenCounter(ModelCatalog models)
{
    private const int MaxKept = 8;
    private readonly ConcurrentDictionary<string, ModelInputs> known = new();

    /// <summary>The tokens of a prompt; null where this service has not the model.</summary>
    public PromptTokens? Count(SampleInput input, ModelReference model)
    {
        if (known.TryGetValue(model.ContentHash, out var inputs)) return PromptTokens.Of(input, inputs);
        try
        {
            inputs = models.Open(model).Inputs;
        }
        catch (Exception error) when (error is RepresentationException or IOException or InvalidDataException)
        {
            return null;
        }
        if (known.Count >= MaxKept) known.Clear();
        known[model.ContentHash] = inputs;
        return PromptTokens.Of(input, inputs);
    }
}
