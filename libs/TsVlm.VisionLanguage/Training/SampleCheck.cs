using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Inputs;

namespace TsVlm.VisionLanguage.Training;

/// <summary>Refuses samples that a model cannot learn from, before the first step.</summary>
internal static class SampleCheck
{
    /// <summary>Checks every sample of both splits.</summary>
    /// <exception cref="FineTuningException">
    /// No sample to learn from, or one that is not as it must be; the message names its case.
    /// </exception>
    public static void Require(IReadOnlyList<EncodedSample> train, IReadOnlyList<EncodedSample> validation, LlavaConfig config,
        int imageSize)
    {
        if (train.Count == 0) throw new FineTuningException("Training split: expected at least one sample, found none.");
        foreach (var sample in train.Concat(validation)) Require(sample, config, imageSize);
    }

    private static void Require(EncodedSample sample, LlavaConfig config, int imageSize)
    {
        var ids = sample.InputIds;
        if (sample.TargetIds.Length != ids.Length)
            throw Error(sample, $"{ids.Length} targets, one for each token", $"{sample.TargetIds.Length}");
        if (sample.Class is null && sample.Given is null && sample.NumAnswerTokens == 0)
            throw Error(sample, "targets on the answer",
                "none: the answer is masked away. Look at how prompt and answer were put together");
        if (ids.Length > config.Text.ContextLength)
            throw Error(sample, $"at most {config.Text.ContextLength} tokens (max_position_embeddings)",
                $"{ids.Length}. Take a smaller context length");
        if (ids.FirstOrDefault(id => id < 0 || id >= config.Text.VocabularySize, -1) is var stray
            && ids.Any(id => id < 0 || id >= config.Text.VocabularySize))
            throw Error(sample, $"token ids from 0 to {config.Text.VocabularySize - 1}", $"{stray}. Use the model's own tokenizer");
        RequireImage(sample, config, imageSize);
    }

    private static void RequireImage(EncodedSample sample, LlavaConfig config, int imageSize)
    {
        var found = sample.InputIds.Count(id => id == config.ImageTokenId);
        var numImages = sample.Images.Count;
        // Patches may share a token: what they take then divides what they have.
        var each = sample.TokensPerImage == 0 ? config.NumImageTokens : sample.TokensPerImage;
        if (config.NumImageTokens % each != 0)
            throw Error(sample, $"a divisor of {config.NumImageTokens} as the tokens of an image", $"{each}");
        if (found != numImages * each)
        {
            throw Error(sample, numImages == 0 ? "no image token, for it has no image"
                : numImages == 1 ? $"{each} image tokens for its image" : $"{numImages} x {each} image tokens for its images",
                found == 0 ? "none: the image token is missing, so the image would never be seen" : $"{found}");
        }
        if (sample.Images.FirstOrDefault(image => image.Length != imageSize * imageSize * 3) is { } image)
            throw Error(sample, $"an image of {imageSize} x {imageSize} pixels", $"{image.Length / 3} pixels");
    }

    private static FineTuningException Error(EncodedSample sample, string expected, string found) =>
        new($"Case {sample.Case}: expected {expected}, found {found}.");
}
