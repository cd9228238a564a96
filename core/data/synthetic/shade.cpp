#include "core/data/synthetic/shade.h"

#include <algorithm>

namespace dff::street {
namespace {
using cv::v_float32x4;

v_float32x4 wide(const cv::Vec3f& c) { return {c[0], c[1], c[2], 0.f}; }
v_float32x4 wide(float x) { return cv::v_setall_f32(x); }

void store(uchar* pixel, const v_float32x4& colour) {
  const cv::v_int16x8 halves = cv::v_pack(cv::v_round(colour), cv::v_round(colour));
  uchar bytes[8];
  cv::v_pack_u_store(bytes, halves);
  std::memcpy(pixel, bytes, 3);
}

class Shader {
 public:
  Shader(const Scene& scene, const GBuffer& pixels, const Camera& camera, const ShadowMap& shadows)
      : scene_(scene), pixels_(pixels), camera_(camera), shadows_(shadows), light_(scene.light) {}

  void row(int y, uchar* out) const {
    const int* ids = pixels_.face.ptr<int>(y);
    const float* inverse = pixels_.inverse.ptr<float>(y);
    const float py = static_cast<float>(y) + 0.5f;
    for (int x = 0; x < pixels_.face.cols; ++x, out += 3) {
      const float px = static_cast<float>(x) + 0.5f;
      store(out, ids[x] < 0 ? sky(px, py) : surface(pixels_.faces[ids[x]], px, py, 1 / inverse[x]));
    }
  }

 private:
  v_float32x4 surface(const Face& face, float px, float py, float z) const {
    const Surface& surface = scene_.surfaces[face.surface];
    const cv::Mat& level = scene_.textures[surface.texture].level(face.lod + 1.5f * roughLog2(z));
    const v_float32x4 texel = sampleTexture(level, face.u.at(px, py) * z, face.v.at(px, py) * z);
    float sun = face.sun.at(px, py) * z, open = face.open.at(px, py) * z;
    if (surface.ground) {
      const cv::Vec2f reach = shadowAt(px, py, z);
      sun *= reach[0], open *= reach[1];
    }
    v_float32x4 light = wide(light_.skyColour) * wide(open) + wide(light_.sunColour) * wide(sun);
    if (!surface.cut && light_.lamps > 0) {
      const float own = (1 - cv::v_extract_n<3>(texel) / 255.f) * light_.lamps;
      light = light + (wide(1.25f) - light) * wide(own);
    }
    v_float32x4 colour = texel * wide(surface.tint) * light;
    if (surface.sheen > 0 && face.upward)
      colour = colour + (wide(light_.horizon) - colour) * wide(surface.sheen * open);
    const float thick = z * light_.hazePerMetre, haze = thick * thick / (1 + thick + thick * thick);
    return colour + (wide(light_.horizon) - colour) * wide(haze);
  }

  cv::Vec2f shadowAt(float px, float py, float z) const {
    const Vec3 p = camera_.position + camera_.worldFromRay * camera_.ray(px, py) * static_cast<double>(z);
    return shadows_.at(p[0], p[2]);
  }

  v_float32x4 sky(float px, float py) const {
    const Vec3 d = cv::normalize(camera_.worldFromRay * camera_.ray(px, py));
    const auto up = static_cast<float>(std::max(d[1], 0.0));
    const float climb = std::sqrt(up) * 1.15f;
    v_float32x4 colour =
        wide(light_.horizon) + (wide(light_.zenith) - wide(light_.horizon)) * wide(std::min(climb, 1.f));
    const float spread = 0.05f / (up + 0.16f);
    const Texture& clouds = scene_.textures[0];
    const v_float32x4 cloud =
        sampleTexture(clouds.level(roughLog2(1 + spread * 6)), static_cast<float>(d[0]) * spread * 2.f,
                      static_cast<float>(d[2]) * spread * 2.f);
    const float cover = cv::v_extract_n<3>(cloud) / 255.f * std::min(1.f, up * 7);
    const cv::Vec3f white = light_.skyColour * 0.8f + light_.sunColour * 0.75f;
    colour = colour + (cloud * wide(white) - colour) * wide(cover);
    const auto toSun = static_cast<float>(std::max(d.dot(light_.sun), 0.0));
    const float glow = 0.35f * std::pow(toSun, 10.f) + 0.6f * std::pow(toSun, 300.f);
    return colour + wide(light_.sunColour) * wide(170 * glow);
  }

  const Scene& scene_;
  const GBuffer& pixels_;
  const Camera& camera_;
  const ShadowMap& shadows_;
  const Light& light_;
};

// Close to a normal distribution: the sum of four uniform bytes.
float grainOf(uint32_t bits) {
  const uint32_t sum = (bits & 255) + (bits >> 8 & 255) + (bits >> 16 & 255) + (bits >> 24);
  return (static_cast<float>(sum) - 510.f) / 147.8f;
}
}  // namespace

cv::Mat shade(const Scene& scene, const GBuffer& pixels, const Camera& camera, const ShadowMap& shadows) {
  const Shader shader(scene, pixels, camera, shadows);
  cv::Mat out(camera.height, camera.width, CV_8UC3);
  for (int y = 0; y < out.rows; ++y) shader.row(y, out.ptr<uchar>(y));
  return out;
}

cv::Mat expose(const cv::Mat& fine, float noise, uint64_t grain) {
  cv::Mat out(fine.rows / 2, fine.cols / 2, CV_8UC3);
  for (int y = 0; y < out.rows; ++y) {
    const uchar *top = fine.ptr<uchar>(2 * y), *bottom = fine.ptr<uchar>(2 * y + 1);
    auto* pixel = out.ptr<uchar>(y);
    Rng rng(grain * 1000003 + static_cast<uint64_t>(y));
    const float dy = 2.f * static_cast<float>(y) / static_cast<float>(out.rows) - 1;
    for (int x = 0; x < out.cols; ++x, pixel += 3, top += 6, bottom += 6) {
      const float dx = 2.f * static_cast<float>(x) / static_cast<float>(out.cols) - 1;
      const float gain = 0.25f * (1 - 0.05f * (dx * dx + dy * dy));
      const uint64_t bits = rng.next();
      const float grey = noise * grainOf(static_cast<uint32_t>(bits));
      const float tone = noise * 0.4f * grainOf(static_cast<uint32_t>(bits >> 32));
      for (int c = 0; c < 3; ++c) {
        const auto sum = static_cast<float>(top[c] + top[c + 3] + bottom[c] + bottom[c + 3]);
        pixel[c] = cv::saturate_cast<uchar>(sum * gain + grey + tone * static_cast<float>(c - 1));
      }
    }
  }
  return out;
}

}  // namespace dff::street
