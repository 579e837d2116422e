using TsVlm.VisionLanguage.Tests.Architecture;
using TsVlm.VisionLanguage.Training;

namespace TsVlm.VisionLanguage.Tests.Training;

public sealed class LearningRateScheduleTests
{
    [Theory]
    [InlineData("llava-tiny/train.json", "projector_only")]
    [InlineData("llava-tiny/train.json", "projector_and_language_model_wd0.1")]
    [InlineData("llava-tiny-lora/train.json", null)]
    public void Every_step_has_hugging_face_s_learning_rate(string file, string? part)
    {
        var json = HuggingFace.Json(file);
        if (part is not null) json = json.GetProperty(part);
        var schedule = new LearningRateSchedule(json.GetProperty("steps").GetInt32(), json.GetProperty("warmup_steps").GetInt32());
        var highest = json.GetProperty("lr").GetDouble();
        var expected = json.GetProperty("lr_used_at_each_step").EnumerateArray().Select(rate => rate.GetDouble()).ToList();
        for (var step = 0; step < expected.Count; step++) Assert.Equal(expected[step], highest * schedule.Factor(step), 1e-18);
    }

    [Theory]
    [InlineData(100, 0.03, 3)]
    [InlineData(101, 0.03, 4)]
    [InlineData(10, 0, 0)]
    public void The_warm_up_is_rounded_up_to_whole_steps(int numSteps, double ratio, int expected) =>
        Assert.Equal(expected, LearningRateSchedule.WithWarmupRatio(numSteps, ratio).NumWarmupSteps);

    [Fact]
    public void Without_a_warm_up_the_first_step_has_the_highest_learning_rate() =>
        Assert.Equal(1, new LearningRateSchedule(5, 0).Factor(0));

    [Fact]
    public void After_the_last_step_the_learning_rate_is_zero() => Assert.Equal(0, new LearningRateSchedule(8, 2).Factor(8), 1e-15);
}
