using System.Runtime.InteropServices;
using TsVlm.Contracts;
using TsVlm.VisionLanguage.Numerics;
using TsVlm.VisionLanguage.Tests.Architecture;
using TsVlm.VisionLanguage.Training;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Tests.Numerics;

[Collection(TorchTests.Name)]
public sealed class ComputeDeviceTests
{
    [Fact]
    public void Auto_is_a_gpu_where_there_is_one_and_else_the_cpu() =>
        Assert.Equal(cuda.is_available() ? "cuda:0" : "cpu", ComputeDevice.Open("auto").Name);

    [Theory]
    [InlineData("gpu")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:one")]
    [InlineData("")]
    public void A_name_that_is_none_is_refused(string name) =>
        Assert.Equal($"Device: expected cpu, cuda, cuda:N or auto, found '{name}'.",
            Assert.Throws<DeviceException>(() => ComputeDevice.Open(name)).Message);

    [Fact]
    public void A_gpu_that_is_not_there_is_refused_with_what_to_do() =>
        Assert.Contains("expected an NVIDIA GPU that this build can use, found",
            Assert.Throws<DeviceException>(() => ComputeDevice.Open("cuda:4096")).Message);

    [Fact]
    public void The_tensor_librarys_own_words_for_no_memory_are_understood()
    {
        var error = Assert.Throws<ExternalException>(() => zeros([1L << 50]));
        Assert.True(OutOfMemory.IsReason(error));
        Assert.False(OutOfMemory.IsReason(Assert.Throws<ExternalException>(() => zeros(2).add(zeros(3)))));
    }

    [Fact]
    public void The_advice_names_only_what_the_recipe_has_not_done_yet()
    {
        Assert.StartsWith("Set recipe.gradientCheckpointing, set recipe.precision to bfloat16, lower recipe.microBatchSize from 4",
            OutOfMemory.Advice(new Recipe()));
        var spent = new Recipe { GradientCheckpointing = true, Precision = Precision.BFloat16, MicroBatchSize = 1,
            Lora = new LoraSettings { Rank = 8 } };
        Assert.Equal("Lower representation.contextLength or take a smaller model or a device with more memory.", OutOfMemory.Advice(spent));
    }
}
