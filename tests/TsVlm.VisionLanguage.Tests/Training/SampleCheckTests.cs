using TsVlm.Models;
using TsVlm.VisionLanguage.Inputs;
using TsVlm.VisionLanguage.Training;
namespace TsVlm.VisionLanguage.Tests.Training;

public sealed class SampleCheckTests
{
    private static readonly EncodedSample Good = SmallTraining.Samples(1, firstCase: 17)[0];
    private static readonly EncodedSample Other = SmallTraining.Samples(1)[0];

    [Fact]
    public void Whole_samples_are_let_through() => Check(Good);

    [Fact]
    public void An_answer_that_is_masked_away_is_refused() =>
        Refused(Good with { TargetIds = [.. Good.TargetIds.Select(_ => ConversationEncoding.IgnoredTarget)] }, "masked away");

    /// <summary>The first token is predicted from nothing, so a target there counts for nothing.</summary>
    [Fact]
    public void A_target_on_the_first_token_alone_is_no_answer() =>
        Refused(Good with { TargetIds = [1, .. Good.TargetIds.Skip(1).Select(_ => ConversationEncoding.IgnoredTarget)] }, "masked away");

    [Fact]
    public void Targets_of_another_length_are_refused() =>
        Refused(Good with { TargetIds = Good.TargetIds[1..] }, $"expected {Good.InputIds.Length} targets");

    /// <summary>The first defect of the paper's own code: no image token in any prompt.</summary>
    [Fact]
    public void An_image_that_no_token_lets_in_is_refused() => Refused(Without(Good, 4), "the image token is missing");

    [Fact]
    public void An_image_with_some_of_its_tokens_is_refused() =>
        Refused(Without(Good, 1), "expected 4 image tokens for its image, found 3");

    [Fact]
    public void Image_tokens_without_an_image_are_refused() => Refused(Good with { Images = [] }, "found 4");

    [Fact]
    public void An_image_of_another_size_is_refused() => Refused(Good with { Images = [new byte[27]] }, "28 x 28");

    [Theory]
    [InlineData(40)]
    [InlineData(-200)]
    public void A_token_outside_the_vocabulary_is_refused(int id) =>
        Refused(Good with { InputIds = [.. Good.InputIds.Select(i => i == 2 ? id : i)] }, $"from 0 to 39, found {id}");

    [Fact]
    public void A_sequence_longer_than_the_context_is_refused()
    {
        var filler = Enumerable.Repeat(5, 20).ToArray();
        Refused(Good with { InputIds = [.. filler, .. Good.InputIds], TargetIds = [.. filler.Select(_ => -100), .. Good.TargetIds] },
            "at most 24 tokens");
    }

    [Fact]
    public void An_empty_training_split_is_refused() =>
        Assert.Throws<FineTuningException>(() => SampleCheck.Require([], [Good], SmallTraining.Config, SmallTraining.Images.ImageSize));

    private static void Check(EncodedSample sample) =>
        SampleCheck.Require([Other], [Other, sample], SmallTraining.Config, SmallTraining.Images.ImageSize);

    private static void Refused(EncodedSample sample, string why)
    {
        var error = Assert.Throws<FineTuningException>(() => Check(sample));
        Assert.StartsWith("Case 17: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    private static EncodedSample Without(EncodedSample sample, int numImageTokens) => sample with
    {
        InputIds = [sample.InputIds[0], .. sample.InputIds.Skip(1 + numImageTokens)],
        TargetIds = sample.TargetIds[numImageTokens..],
    };
}
